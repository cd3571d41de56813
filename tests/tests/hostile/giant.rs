//! Files too large to be kept: made while they are read.

/// Bytes that S3 hands over at a time.
const CHUNK: usize = 64 * 1024;

/// A file: a beginning, something many times over, and an end.
#[derive(Clone, Debug)]
pub struct Giant {
    pub head: Vec<u8>,
    pub again: Vec<u8>,
    pub times: usize,
    pub tail: Vec<u8>,
}

impl Giant {
    pub fn new(head: &str, again: impl Into<Vec<u8>>, times: usize, tail: &str) -> Self {
        Self { head: head.into(), again: again.into(), times, tail: tail.into() }
    }

    /// As many times as makes it `bytes` long, about.
    pub fn of_length(head: &str, again: impl Into<Vec<u8>>, bytes: usize, tail: &str) -> Self {
        let again = again.into();
        Self::new(head, again.clone(), bytes / again.len(), tail)
    }

    /// The whole of it, chunk by chunk.
    pub fn chunks(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        let each = (CHUNK / self.again.len().max(1)).max(1);
        let body = (0..self.times)
            .step_by(each)
            .map(move |done| self.again.repeat(each.min(self.times - done)));
        let head = std::iter::once(self.head.clone());
        head.chain(body).chain(std::iter::once(self.tail.clone()))
    }
}
