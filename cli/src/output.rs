//! What goes to standard error.

/// An error with its causes, each on a line of its own.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: failed to {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}
