# For each client that listens, what is to be sent to it.
clients = {}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.refuses(self.path == "/sse"):
            return
        session, queue = uuid.uuid4().hex, Queue()
        clients[session] = queue
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        try:
            self.event("endpoint", f"/messages?session={session}")
            while True:
                self.event("message", queue.get())
        except OSError:
            pass
        finally:
            del clients[session]

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        session = self.path.removeprefix("/messages?session=")
        if self.refuses(session in clients):
            return
        answered = answer(text)
        if answered is not None:
            clients[session].put(answered)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def event(self, kind, data):
        self.wfile.write(f"event: {kind}\ndata: {data}\n\n".encode())
        self.wfile.flush()

    def refuses(self, found):
        # A page in a browser must not reach the server.
        origin = urlsplit(self.headers.get("Origin") or "").hostname
        status = 403 if origin not in (None, "localhost", "127.0.0.1") else 404
        if found and status == 404:
            return False
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return True


# In a container HOST is 0.0.0.0; elsewhere only this machine may connect.
address = (os.environ.get("HOST", "127.0.0.1"), int(sys.argv[1]))
server = ThreadingHTTPServer(address, Handler)
server.daemon_threads = True
server.serve_forever()
