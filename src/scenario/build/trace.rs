//! Recorded requests: a CSV file with the columns `at_s,client,hostname`.
//!
//! Simplification: the fields of recorded requests contain no commas and no quotes; times, client names and hostnames need neither.

use std::collections::BTreeMap;

use super::Builder;
use crate::kernel::time::Span;
use crate::notation::{
    DURATION_NANOS_MAX, Hostname, Leaf, Problem, Scalar, Spanned, Text, decimal,
};
use crate::scenario::limits::{TRACE_BYTES_MAX, TRACE_ROWS_MAX};
use crate::world::blueprint::{Arrivals, TraceEntry};

/// The first line of a trace.
pub const TRACE_HEADING: &str = "at_s,client,hostname";

/// Bad lines of a trace that are told of: they are mostly all bad in the same way.
const BAD_LINES_SHOWN: usize = 10;

/// A row as written: when, who, what for.
type Row = (Span, String, String);

impl Builder<'_> {
    /// Reads a trace by the name written in the file.
    pub(super) fn trace(&mut self, name: &Spanned<Text>) -> Option<Arrivals> {
        let rows = match (self.traces)(name) {
            Some(bytes) => rows(&bytes),
            None => Err(vec!["this file cannot be read".to_owned()]),
        };
        match rows {
            Ok(rows) => Some(Arrivals::Trace(self.entries(rows))),
            Err(reasons) => {
                for reason in reasons {
                    let problem = Problem::error(name.position, reason)
                        .label(format!("`{}`", &*name.value))
                        .note(format!(
                            "a trace is a CSV file whose first line is `{TRACE_HEADING}`"
                        ));
                    self.context.report(problem);
                }
                None
            }
        }
    }

    fn entries(&mut self, rows: Vec<Row>) -> Vec<TraceEntry> {
        let mut clients = BTreeMap::new();
        let mut entries = Vec::with_capacity(rows.len());
        for (at, client, hostname) in rows {
            let next = clients.len() as u64;
            let client = *clients.entry(client).or_insert(next);
            entries.push(TraceEntry {
                at,
                client,
                hostname: self.hostname(&hostname),
            });
        }
        entries
    }
}

/// The rows, or what is wrong with the first few bad lines.
fn rows(bytes: &[u8]) -> Result<Vec<Row>, Vec<String>> {
    if bytes.len() > TRACE_BYTES_MAX {
        return Err(vec![format!("a trace may have {TRACE_BYTES_MAX} bytes")]);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(vec!["a trace must be UTF-8 text".to_owned()]);
    };
    let mut lines = text.lines();
    if lines.next().map(str::trim_end) != Some(TRACE_HEADING) {
        return Err(vec![format!(
            "a trace begins with the line `{TRACE_HEADING}`"
        )]);
    }
    let (mut rows, mut wrong): (Vec<Row>, Vec<String>) = (Vec::new(), Vec::new());
    for (index, line) in lines.enumerate() {
        if rows.len() == TRACE_ROWS_MAX {
            wrong.push(format!("a trace may have {TRACE_ROWS_MAX} rows"));
            break;
        }
        let before = rows.last().map_or(Span::ZERO, |(before, _, _)| *before);
        match row(line) {
            Ok(row) if row.0 >= before => rows.push(row),
            Ok(_) => wrong.push(at_line(index, "it is earlier than the line before")),
            Err(what) => wrong.push(at_line(index, &what)),
        }
        if wrong.len() == BAD_LINES_SHOWN {
            break;
        }
    }
    if wrong.is_empty() {
        Ok(rows)
    } else {
        Err(wrong)
    }
}

fn at_line(index: usize, what: &str) -> String {
    // Lines are counted from 1, and the first is the heading.
    format!("line {} of the trace: {what}", index + 2)
}

fn row(line: &str) -> Result<Row, String> {
    let fields: Vec<&str> = line.trim_end().split(',').collect();
    let [at, client, hostname] = fields[..] else {
        return Err("expected three fields".to_owned());
    };
    let seconds = decimal(at)
        .ok()
        .filter(|seconds| (0.0..=DURATION_NANOS_MAX as f64 / 1e9).contains(seconds));
    let seconds = seconds.ok_or_else(|| format!("`{at}` is no time in seconds"))?;
    let scalar = Scalar {
        text: hostname.to_owned(),
        quoted: false,
    };
    let hostname = Hostname::parse(&scalar).map_err(|_| format!("`{hostname}` is no hostname"))?;
    // To the nearest nanosecond: 1.007 is a little less in binary, and cut off it would be the instant before.
    let at = Span::from_nanos((seconds * 1e9).round() as u64);
    Ok((at, client.to_owned(), hostname.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_in_order_of_time() {
        let rows = rows(b"at_s,client,hostname\n0,anna,a.example\n1.5,ben,a.example\r\n").unwrap();
        assert_eq!(
            rows[1],
            (
                Span::from_millis(1_500),
                "ben".to_owned(),
                "a.example".to_owned()
            )
        );
    }

    #[test]
    fn a_decimal_moment_is_that_very_nanosecond() {
        let rows =
            rows(b"at_s,client,hostname\n1.007,anna,a.example\n4.35,ben,a.example\n").unwrap();
        let moments = [rows[0].0, rows[1].0];
        assert_eq!(
            moments,
            [Span::from_millis(1_007), Span::from_millis(4_350)]
        );
    }

    #[test]
    fn a_bad_trace_says_which_line() {
        for (text, complaint) in [
            (
                "time,client\n",
                "a trace begins with the line `at_s,client,hostname`",
            ),
            (
                "at_s,client,hostname\n1,a,b.example\n0,a,b.example\n",
                "line 3 of the trace: it is earlier than the line before",
            ),
            (
                "at_s,client,hostname\nNaN,a,b.example\n",
                "line 2 of the trace: `NaN` is no time in seconds",
            ),
            (
                "at_s,client,hostname\n1,a\n",
                "line 2 of the trace: expected three fields",
            ),
            (
                "at_s,client,hostname\n1,a,b c\n",
                "line 2 of the trace: `b c` is no hostname",
            ),
        ] {
            assert_eq!(rows(text.as_bytes()).unwrap_err(), [complaint]);
        }
    }

    #[test]
    fn ten_bad_lines_are_told_of_at_once_and_no_more() {
        let bad = |lines: usize| {
            let text = format!(
                "{TRACE_HEADING}\n0,a,b.example\n{}",
                "x,a,b.example\n".repeat(lines)
            );
            rows(text.as_bytes()).unwrap_err()
        };
        assert_eq!(bad(2)[1], "line 4 of the trace: `x` is no time in seconds");
        assert_eq!((bad(10).len(), bad(11).len()), (10, 10));
    }
}
