//! The way to a server: a socket of the machine or an encrypted connection, on which requests that are sent at once end with one Sync.
//!
//! An unencrypted connection over TCP is the client's own, as it is.

use std::future::Future;
use std::io;
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
#[cfg(unix)]
use tokio::net::UnixStream;
#[cfg(unix)]
use tokio_postgres::config::{Host, TargetSessionAttrs};
#[cfg(unix)]
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
#[cfg(unix)]
use tokio_postgres::{Client, Config, Connection, NoTls};

use crate::connection::joined::Joined;
#[cfg(unix)]
use crate::open_error::OpenError;

/// The port of a server, where the address has none.
#[cfg(unix)]
const PORT: u16 = 5_432;

/// Bytes that are read at once at most.
const READ_AT_MOST: usize = 8_192;

/// A stream between the client and the server.
pub(crate) struct Stream<S> {
    inner: S,
    joined: Joined,
    /// What the server is still to be sent.
    sent: BytesMut,
    /// What the client is still to be shown.
    shown: BytesMut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner, joined: Joined::default(), sent: BytesMut::new(), shown: BytesMut::new() }
    }

    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.sent.is_empty() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, &self.sent))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.shown.is_empty() {
            let mut bytes = [0; READ_AT_MOST];
            let mut read = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut this.inner).poll_read(context, &mut read))?;
            if read.filled().is_empty() {
                // The server has closed the connection.
                return Poll::Ready(Ok(()));
            }
            this.joined.receive(read.filled(), &mut this.shown);
        }
        let count = this.shown.len().min(buffer.remaining());
        buffer.put_slice(&this.shown.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_send(context))?;
        this.joined.send(bytes, &mut this.sent);
        // What cannot be sent now is sent when the client flushes, which it does behind every write.
        if let Poll::Ready(Err(error)) = this.poll_send(context) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send(context))?;
        Pin::new(&mut this.inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send(context))?;
        Pin::new(&mut this.inner).poll_shutdown(context)
    }
}

impl<S: TlsStream + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.inner.channel_binding()
    }
}

/// The socket of this machine that a host is; none where the client has to choose between several or to ask whether it takes writes.
#[cfg(unix)]
pub(crate) fn socket(host: &Config) -> Option<PathBuf> {
    let [Host::Unix(folder)] = host.get_hosts() else { return None };
    let is_only_one = host.get_hostaddrs().is_empty() && host.get_ports().len() <= 1;
    let takes_any = host.get_target_session_attrs() == TargetSessionAttrs::Any;
    let port = host.get_ports().first().copied().unwrap_or(PORT);
    (is_only_one && takes_any).then(|| folder.join(format!(".s.PGSQL.{port}")))
}

/// Connects to a socket of this machine.
///
/// # Errors
/// No server listens there, or it does not let in.
#[cfg(unix)]
pub(crate) async fn connect(
    socket: &Path,
    host: &Config,
) -> Result<(Client, Connection<Stream<UnixStream>, NoTlsStream>), OpenError> {
    let stream = UnixStream::connect(socket).await.map_err(OpenError::Socket)?;
    host.connect_raw(Stream::new(stream), NoTls).await.map_err(OpenError::Connect)
}

/// Encrypts as another does, below such a stream.
#[derive(Clone)]
pub(crate) struct Encrypted<T>(pub(crate) T);

impl<S, T> MakeTlsConnect<S> for Encrypted<T>
where
    T: MakeTlsConnect<S>,
    T::TlsConnect: TlsConnect<S, Future: Send + 'static>,
{
    type Stream = Stream<T::Stream>;
    type TlsConnect = Encrypted<T::TlsConnect>;
    type Error = T::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Self::TlsConnect, Self::Error> {
        self.0.make_tls_connect(domain).map(Encrypted)
    }
}

impl<S, T> TlsConnect<S> for Encrypted<T>
where
    T: TlsConnect<S, Future: Send + 'static>,
{
    type Stream = Stream<T::Stream>;
    type Error = T::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Stream, Self::Error>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let connecting = self.0.connect(stream);
        Box::pin(async { connecting.await.map(Stream::new) })
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Takes and gives three bytes at a time, and has no room or nothing to give every other time.
    #[derive(Default)]
    struct Slow {
        taken: Vec<u8>,
        gives: Vec<u8>,
        is_busy: bool,
    }

    impl Slow {
        fn is_busy(&mut self) -> bool {
            self.is_busy = !self.is_busy;
            self.is_busy
        }
    }

    impl AsyncRead for Slow {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if self.is_busy() {
                return Poll::Pending;
            }
            let count = self.gives.len().min(3);
            buffer.put_slice(&self.gives.drain(..count).collect::<Vec<_>>());
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Slow {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            if self.is_busy() {
                return Poll::Pending;
            }
            let count = bytes.len().min(3);
            self.taken.extend(&bytes[..count]);
            Poll::Ready(Ok(count))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// Asks until there is an answer.
    fn patiently<T>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
        let mut context = Context::from_waker(Waker::noop());
        (0..1_000)
            .find_map(|_| match poll(&mut context) {
                Poll::Ready(answer) => Some(answer),
                Poll::Pending => None,
            })
            .expect("it goes on")
    }

    fn all_that_is_read(stream: &mut Stream<Slow>) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            let mut bytes = [0; 4];
            let mut buffer = ReadBuf::new(&mut bytes);
            patiently(|context| Pin::new(&mut *stream).poll_read(context, &mut buffer)).unwrap();
            if buffer.filled().is_empty() {
                return all;
            }
            all.extend(buffer.filled());
        }
    }

    #[test]
    fn nothing_is_lost_where_a_socket_takes_and_gives_little_at_a_time() {
        let ready = b"Z\0\0\0\x05T".as_slice();
        let complete = b"C\0\0\0\x07OK\0".as_slice();
        let mut stream = Stream::new(Slow { gives: ready.to_vec(), ..Slow::default() });
        assert_eq!(all_that_is_read(&mut stream), ready);
        let statement = b"B\0\0\0\x06ofE\0\0\0\x04".as_slice();
        let sync = b"S\0\0\0\x04".as_slice();
        let written = [statement, sync, statement, sync].concat();
        let taken = patiently(|context| Pin::new(&mut stream).poll_write(context, &written)).unwrap();
        assert_eq!(taken, written.len());
        patiently(|context| Pin::new(&mut stream).poll_flush(context)).unwrap();
        assert_eq!(stream.inner.taken, [statement, statement, sync].concat());
        stream.inner.gives = [complete, complete, ready].concat();
        assert_eq!(all_that_is_read(&mut stream), [complete, ready, complete, ready].concat());
    }

    #[cfg(unix)]
    #[test]
    fn a_host_is_a_socket_unless_the_client_has_to_choose() {
        let found = |address: &str| socket(&address.parse().unwrap());
        let at = |port: u16| Some(PathBuf::from(format!("/run/postgresql/.s.PGSQL.{port}")));
        assert_eq!(found("host=/run/postgresql"), at(5_432));
        assert_eq!(found("host=/run/postgresql port=5433"), at(5_433));
        for address in [
            "host=localhost",
            "host=/run/postgresql,/run/other",
            "host=/run/postgresql target_session_attrs=read-write",
        ] {
            assert_eq!(found(address), None, "{address}");
        }
    }
}
