//! A look at the site: files of one folder over HTTP, for this machine alone.
//!
//! Only 127.0.0.1 is bound, only GET and HEAD are answered, and only with files below the folder, so that no request reads or
//! changes anything else. The name that a request asks for must be this machine's, so that no page of another site reads along.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Most bytes of the head of a request.
const MAX_HEAD_BYTES: u64 = 16 * 1_024;
/// How long a request may take to come.
const READ_TIMEOUT_MS: u64 = 5_000;

/// A server that has its address and answers nothing yet.
pub(super) struct Server {
    folder: PathBuf,
    listener: TcpListener,
    port: u16,
}

impl Server {
    /// Takes a port of this machine; 0 takes a free one.
    ///
    /// # Errors
    /// The port is taken, or the folder is not there.
    pub fn bind(folder: &Path, port: u16) -> std::io::Result<Self> {
        let folder = folder.canonicalize()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        Ok(Self { folder, listener, port })
    }

    /// `http://127.0.0.1:41234/`
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Answers until the program ends. A browser opens connections before it needs them, so none waits for another.
    pub fn run(&self) {
        std::thread::scope(|scope| {
            for stream in self.listener.incoming().flatten() {
                // A browser that has gone away is no error of ours.
                scope.spawn(move || self.answer(stream).ok());
            }
        });
    }

    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_millis(READ_TIMEOUT_MS)))?;
        let head = head(&stream)?;
        let (status, kind, body) = self.response(&head);
        let is_head = head.starts_with("HEAD ");
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )?;
        if is_head { Ok(()) } else { stream.write_all(&body) }
    }

    /// Status, kind and body of the answer to a head.
    fn response(&self, head: &str) -> (&'static str, &'static str, Vec<u8>) {
        const TEXT: &str = "text/plain; charset=utf-8";
        let refused = |status: &'static str| (status, TEXT, format!("{status}\n").into_bytes());
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if !["GET", "HEAD"].contains(&method) {
            return refused("405 Method Not Allowed");
        }
        let host =
            lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("host"));
        let own = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        if !host.is_some_and(|(_, host)| own.iter().any(|own| own == host.trim())) {
            return refused("421 Misdirected Request");
        }
        match self.file(target).and_then(|path| Some((kind(&path), std::fs::read(path).ok()?))) {
            Some((kind, body)) => ("200 OK", kind, body),
            None => refused("404 Not Found"),
        }
    }

    /// The file of a target, if it lies below the folder.
    fn file(&self, target: &str) -> Option<PathBuf> {
        let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
        let path = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        };
        let is_plain = Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
        let found = self.folder.join(path).canonicalize().ok().filter(|_| is_plain)?;
        (found.starts_with(&self.folder) && found.is_file()).then_some(found)
    }
}

/// The head of a request, as far as it may be long.
fn head(stream: &TcpStream) -> std::io::Result<String> {
    let mut reader = BufReader::new(stream.take(MAX_HEAD_BYTES));
    let mut head = Vec::new();
    loop {
        let before = head.len();
        reader.read_until(b'\n', &mut head)?;
        if head.len() == before || head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n") {
            return Ok(String::from_utf8_lossy(&head).into_owned());
        }
    }
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Opens a browser, where the system knows one. Without one, the printed address is enough.
pub(super) fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(target_os = "windows") {
        "explorer"
    } else {
        "xdg-open"
    };
    let _ = Command::new(opener)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> (tempfile::TempDir, Server) {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("site");
        std::fs::create_dir_all(folder.join("specs")).unwrap();
        std::fs::write(outer.path().join("secret.html"), "secret").unwrap();
        std::fs::write(folder.join("index.html"), "first").unwrap();
        std::fs::write(folder.join("specs/a.html"), "second").unwrap();
        let server = Server::bind(&folder, 0).unwrap();
        (outer, server)
    }

    fn ask(server: &Server, method: &str, target: &str) -> (&'static str, String) {
        let host = format!("127.0.0.1:{}", server.port);
        let (status, _, body) =
            server.response(&format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        (status, String::from_utf8(body).unwrap())
    }

    #[test]
    fn files_of_the_folder_are_served_and_nothing_else() {
        let (_outer, server) = server();
        assert!(server.listener.local_addr().unwrap().ip().is_loopback());
        assert_eq!(ask(&server, "GET", "/"), ("200 OK", "first".to_owned()));
        assert_eq!(ask(&server, "GET", "/specs/a.html?x#y"), ("200 OK", "second".to_owned()));
        for target in [
            "/../secret.html",
            "/specs/../../secret.html",
            "//etc/passwd",
            "/specs",
            "/no.html",
            "secret",
            "",
        ] {
            assert_eq!(ask(&server, "GET", target).0, "404 Not Found", "{target}");
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "get"] {
            assert_eq!(ask(&server, method, "/").0, "405 Method Not Allowed", "{method}");
        }
    }

    #[test]
    fn a_request_for_another_name_is_refused() {
        let (_outer, server) = server();
        for head in ["GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"] {
            assert_eq!(server.response(head).0, "421 Misdirected Request");
        }
    }

    #[test]
    fn a_request_is_answered_over_a_connection() {
        let (_outer, server) = server();
        let address = ("127.0.0.1", server.port);
        let host = format!("127.0.0.1:{}", server.port);
        let client = std::thread::spawn(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "GET /index.html HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        server.answer(server.listener.accept().unwrap().0).unwrap();
        let answer = client.join().unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"),
            "{answer}"
        );
        assert!(answer.ends_with("\r\n\r\nfirst"), "{answer}");
    }
}
