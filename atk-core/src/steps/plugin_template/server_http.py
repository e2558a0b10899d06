class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length)
        # A page in a browser must not reach the server.
        origin = urlsplit(self.headers.get("Origin") or "").hostname
        if origin not in (None, "localhost", "127.0.0.1"):
            return self.reply(403, b"")
        if self.path != "/mcp":
            return self.reply(404, b"")
        answered = answer(text)
        self.reply(202 if answered is None else 200, (answered or "").encode())

    def do_GET(self):
        self.reply(405, b"")

    do_DELETE = do_GET

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# In a container HOST is 0.0.0.0; elsewhere only this machine may connect.
address = (os.environ.get("HOST", "127.0.0.1"), int(sys.argv[1]))
ThreadingHTTPServer(address, Handler).serve_forever()
