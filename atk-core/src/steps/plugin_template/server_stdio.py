# Standard output is for answers only: write whatever else there is to standard error.
for line in sys.stdin:
    if line.strip():
        answered = answer(line)
        if answered is not None:
            print(answered, flush=True)
