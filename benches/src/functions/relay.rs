//! What stands between a process and the simulated AWS, and notes how long AWS takes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The largest piece that is handed on at once.
const PIECE: usize = 64 * 1024;

/// How long has been waited for AWS's answers. Clones are the same time.
#[derive(Debug, Clone, Default)]
pub(super) struct Waited(Arc<AtomicU64>);

impl Waited {
    pub(super) fn get(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    fn add(&self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.0.fetch_add(nanoseconds, Ordering::Relaxed);
    }
}

/// A relay. Dropping it stops it.
pub(super) struct Relay {
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// How long the other end has taken.
    pub(super) waited: Waited,
    relaying: JoinHandle<()>,
}

impl Relay {
    /// Hands all that comes on to `to`, and its answers back.
    pub(super) async fn start(to: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let waited = Waited::default();
        let noted = waited.clone();
        let relaying = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let noted = noted.clone();
                // Either end may break the connection off.
                tokio::spawn(async move { relay(stream, to, &noted).await.ok() });
            }
        });
        Ok(Self { address, waited, relaying })
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.relaying.abort();
    }
}

async fn relay(mut asking: TcpStream, to: SocketAddr, waited: &Waited) -> std::io::Result<()> {
    let mut answering = TcpStream::connect(to).await?;
    asking.set_nodelay(true)?;
    answering.set_nodelay(true)?;
    let (mut request, mut answer) = (vec![0; PIECE], vec![0; PIECE]);
    let mut asked = None;
    loop {
        tokio::select! {
            length = asking.read(&mut request) => match length? {
                0 => return Ok(()),
                length => {
                    answering.write_all(&request[..length]).await?;
                    asked = Some(Instant::now());
                }
            },
            length = answering.read(&mut answer) => match length? {
                0 => return Ok(()),
                length => {
                    if let Some(asked) = asked.take() {
                        waited.add(asked.elapsed());
                    }
                    asking.write_all(&answer[..length]).await?;
                }
            },
        }
    }
}
