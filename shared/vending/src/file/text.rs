//! From bytes to text: finds the encoding, decodes piece by piece, and makes every
//! line end with LF.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

/// As many bytes as tell the encodings, and a workbook, apart.
const HEAD: usize = 4;

/// A zip archive, which a workbook is since 2007: empty, or with a file in it.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// A compound file, which a workbook was before.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotText {
    /// The file begins as a workbook does.
    Workbook,
    /// Bytes that the encoding has no character for; they follow the text decoded so far.
    Malformed,
}

/// Decodes a file that arrives in pieces. However it is cut, the text is the same.
#[derive(Default)]
pub(crate) struct TextReader {
    head: Vec<u8>,
    decoder: Option<Decoder>,
    after_cr: bool,
}

impl TextReader {
    /// Appends the text of the next bytes to `text`; what was decoded before a
    /// failure is appended too, so that the caller can tell the line. Nothing may
    /// follow the `last` bytes.
    pub(crate) fn read(
        &mut self,
        bytes: &[u8],
        last: bool,
        text: &mut String,
    ) -> Result<(), NotText> {
        if self.decoder.is_some() {
            return self.decode(bytes, last, text);
        }
        let (head, rest) = bytes.split_at(bytes.len().min(HEAD - self.head.len()));
        self.head.extend_from_slice(head);
        if self.head.len() < HEAD && !last {
            return Ok(());
        }
        let head = std::mem::take(&mut self.head);
        let (encoding, mark) = sniff(&head)?;
        self.decoder = Some(encoding.new_decoder_without_bom_handling());
        let head = head.get(mark..).unwrap_or_default();
        self.decode(&[head, rest].concat(), last, text)
    }

    fn decode(&mut self, mut bytes: &[u8], last: bool, text: &mut String) -> Result<(), NotText> {
        let start = text.len();
        let mut outcome = Ok(());
        while let Some(decoder) = &mut self.decoder {
            let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            text.reserve(room.unwrap_or(bytes.len()));
            let (result, read) = decoder.decode_to_string_without_replacement(bytes, text, last);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    outcome = Err(NotText::Malformed);
                    break;
                }
            }
        }
        self.normalize(text, start);
        outcome
    }

    /// Turns CRLF and a lone CR into LF, in the text from `start` on.
    fn normalize(&mut self, text: &mut String, start: usize) {
        let decoded = text.get(start..).unwrap_or_default();
        // `str::contains` looks at a few bytes at a time: a tenth of all reading.
        if decoded.is_empty() || !self.after_cr && memchr(b'\r', decoded.as_bytes()).is_none() {
            return;
        }
        let decoded = text.split_off(start);
        let mut rest = decoded.as_str();
        if self.after_cr {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
        while let Some(end) = rest.find('\r') {
            let (line, after) = rest.split_at(end);
            text.push_str(line);
            text.push('\n');
            rest = after.strip_prefix("\r\n").or(after.get(1..)).unwrap_or_default();
        }
        text.push_str(rest);
        self.after_cr = decoded.ends_with('\r');
    }
}

/// The encoding, and the length of the byte order mark that says so. Text without
/// a mark is UTF-8, unless every other byte is NUL as in UTF-16's ASCII.
fn sniff(head: &[u8]) -> Result<(&'static Encoding, usize), NotText> {
    if ZIP.contains(&head) || head == COMPOUND {
        return Err(NotText::Workbook);
    }
    if let Some(marked) = Encoding::for_bom(head) {
        return Ok(marked);
    }
    match head {
        [1..=255, 0, 1..=255, 0] => Ok((UTF_16LE, 0)),
        [0, 1..=255, 0, 1..=255] => Ok((UTF_16BE, 0)),
        _ => Ok((UTF_8, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, NotText> {
        let (mut reader, mut text) = (TextReader::default(), String::new());
        for byte in bytes {
            reader.read(&[*byte], false, &mut text)?;
        }
        reader.read(&[], true, &mut text)?;
        for cut in [0, 1, 2] {
            let (first, rest) = bytes.split_at(bytes.len().min(cut));
            let (mut reader, mut again) = (TextReader::default(), String::new());
            reader.read(first, false, &mut again)?;
            reader.read(rest, true, &mut again)?;
            assert_eq!(text, again, "cut at {cut}");
        }
        Ok(text)
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn finds_the_encoding() {
        let text = "Name,é\u{1f600}";
        assert_eq!(read(text.as_bytes()).as_deref(), Ok(text));
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()).as_deref(), Ok(text));
        let marked = format!("\u{feff}{text}");
        assert_eq!(read(&utf16(&marked, u16::to_le_bytes)).as_deref(), Ok(text));
        assert_eq!(read(&utf16(&marked, u16::to_be_bytes)).as_deref(), Ok(text));
        assert_eq!(read(&utf16(text, u16::to_le_bytes)).as_deref(), Ok(text), "no mark");
        assert_eq!(read(&utf16(text, u16::to_be_bytes)).as_deref(), Ok(text), "no mark");
    }

    #[test]
    fn reads_files_shorter_than_a_mark() {
        for text in ["", "a", "ab", "abc"] {
            assert_eq!(read(text.as_bytes()).as_deref(), Ok(text));
        }
        assert_eq!(read(b"\xef\xbb\xbf").as_deref(), Ok(""));
        assert_eq!(read(b"\xff\xfe").as_deref(), Ok(""));
    }

    #[test]
    fn every_line_ends_with_lf() {
        assert_eq!(read(b"a\r\nb\rc\nd\r\r\n\re").as_deref(), Ok("a\nb\nc\nd\n\n\ne"));
    }

    #[test]
    fn refuses_what_is_no_text() {
        assert_eq!(read(b"PK\x03\x04\x14\x00"), Err(NotText::Workbook));
        assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1"), Err(NotText::Workbook));
        assert_eq!(read(b"Jos\xe9,x"), Err(NotText::Malformed), "Windows-1252");
        assert_eq!(read(b"abcd\xc3"), Err(NotText::Malformed), "cut in a character");
        assert_eq!(read(b"\xff\xfea\x00b"), Err(NotText::Malformed), "odd UTF-16");
    }

    #[test]
    fn hands_over_the_text_before_malformed_bytes() {
        let (mut reader, mut text) = (TextReader::default(), String::new());
        let result = reader.read(b"one\r\ntwo\xff", true, &mut text);
        assert_eq!((result, text.as_str()), (Err(NotText::Malformed), "one\ntwo"));
    }
}
