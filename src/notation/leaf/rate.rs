//! How often something happens.

use std::borrow::Cow;

use serde_json::json;

use super::decimal::decimal;
use crate::notation::decode::{Leaf, Refusal};
use crate::notation::limits::{DURATION_NANOS_MAX, MEAN_GAP_NANOS_MIN};
use crate::notation::tree::Scalar;

/// So many events per second, minute, hour or day: `120/s`, `7200/min`. May be zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    events: f64,
    unit_nanos: f64,
}

impl Rate {
    /// Events per second.
    pub fn per_second(self) -> f64 {
        self.events * 1e9 / self.unit_nanos
    }

    /// Mean nanoseconds from one event to the next; `None` if nothing ever happens.
    pub fn mean_gap_nanos(self) -> Option<f64> {
        (self.events > 0.0).then(|| self.unit_nanos / self.events)
    }
}

impl Leaf for Rate {
    const UNIT: &'static str = "events per time";
    const EXAMPLES: &'static [&'static str] = &["120/s", "7200/min", "0.5/s", "3/h"];

    fn name() -> Cow<'static, str> {
        "rate".into()
    }

    fn expected() -> Cow<'static, str> {
        "a rate such as 120/s, 7200/min or 0.5/s".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let text = scalar.text.trim();
        let Some((events, unit)) = text.split_once('/') else {
            return Err(without_unit(text));
        };
        let unit_nanos = match unit.trim() {
            "s" => 1e9,
            "min" | "m" => 60e9,
            "h" => 3_600e9,
            "d" => 86_400e9,
            _ => {
                return Err(Refusal::unexpected().help("the units are `/s`, `/min`, `/h` and `/d`"));
            }
        };
        let events = decimal(events.trim())?;
        if events < 0.0 {
            return Err(Refusal::because("a rate cannot be negative"));
        }
        let rate = Self { events, unit_nanos };
        match rate.mean_gap_nanos() {
            Some(gap) if gap < MEAN_GAP_NANOS_MIN => {
                Err(Refusal::because("a rate may be 1000000/s at most"))
            }
            Some(gap) if gap > DURATION_NANOS_MAX as f64 => Err(Refusal::because(
                "a rate above 0 means at least one event in 10 years",
            )),
            _ => Ok(rate),
        }
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)? ?/ ?(s|min|m|h|d)$"})
    }
}

fn without_unit(text: &str) -> Refusal {
    match decimal(text) {
        Ok(number) if number >= 0.0 => Refusal::because("a rate needs a unit")
            .help(format!("write `{text}/s`, `{text}/min` or `{text}/h`")),
        _ => Refusal::unexpected(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, help, refused};

    #[test]
    fn rates_name_their_unit() {
        let per_second = |text| decoded::<Rate>(text).per_second();
        assert_eq!(per_second("120/s"), 120.0);
        assert_eq!(per_second("7200/min"), 120.0);
        assert_eq!(per_second("0.5/s"), 0.5);
        assert_eq!(per_second("36 / h"), 0.01);
        assert_eq!(decoded::<Rate>("4/s").mean_gap_nanos(), Some(250e6));
    }

    #[test]
    fn nothing_may_ever_happen() {
        assert_eq!(decoded::<Rate>("0/s").mean_gap_nanos(), None);
    }

    #[test]
    fn a_microsecond_between_events_is_the_least() {
        assert_eq!(decoded::<Rate>("1000000/s").mean_gap_nanos(), Some(1_000.0));
        assert_eq!(
            refused::<Rate>("1000001/s"),
            ["a rate may be 1000000/s at most"]
        );
    }

    #[test]
    fn ten_years_between_events_are_the_most() {
        decoded::<Rate>("0.0002738/d");
        let too_rare = ["a rate above 0 means at least one event in 10 years"];
        assert_eq!(refused::<Rate>("0.0002737/d"), too_rare);
        assert_eq!(refused::<Rate>("1e-300/s"), too_rare);
    }

    #[test]
    fn other_texts_are_refused_with_a_hint() {
        assert_eq!(refused::<Rate>("5"), ["a rate needs a unit"]);
        assert_eq!(help::<Rate>("5"), "write `5/s`, `5/min` or `5/h`");
        assert_eq!(
            help::<Rate>("5/week"),
            "the units are `/s`, `/min`, `/h` and `/d`"
        );
        assert_eq!(refused::<Rate>("-1/s"), ["a rate cannot be negative"]);
        assert_eq!(refused::<Rate>("NaN/s"), ["not-a-number (NaN) is refused"]);
        assert_eq!(
            refused::<Rate>("many"),
            ["expected a rate such as 120/s, 7200/min or 0.5/s"]
        );
        assert_eq!(
            refused::<Rate>("/s"),
            ["expected a rate such as 120/s, 7200/min or 0.5/s"]
        );
    }
}
