use super::*;
use crate::kernel::random::{Keyed, Streams};

/// One law of each kind, with its name.
fn laws() -> Vec<(&'static str, Distribution)> {
    let mean = Span::from_millis(5);
    let table = Table::new(vec![
        (Span::from_millis(1), 5),
        (Span::from_millis(4), 3),
        (Span::from_millis(20), 2),
    ]);
    let lognormal = |cap| Distribution::Lognormal {
        median: mean,
        sigma: 0.8,
        cap,
    };
    vec![
        ("constant", Distribution::Constant(mean)),
        (
            "uniform",
            Distribution::Uniform {
                low: Span::from_millis(1),
                high: mean,
            },
        ),
        ("exponential", Distribution::Exponential { mean }),
        ("erlang", Distribution::Erlang { shape: 3, mean }),
        (
            "hyperexponential",
            Distribution::Hyperexponential { mean, cv2: 4.0 },
        ),
        ("lognormal", lognormal(None)),
        ("lognormal with cap", lognormal(Some(Span::from_millis(12)))),
        (
            "weibull",
            Distribution::Weibull {
                shape: 0.7,
                scale: mean,
            },
        ),
        ("empirical", Distribution::Empirical(table.unwrap())),
    ]
}

#[test]
fn mean_and_variance_are_those_of_the_draws() {
    const DRAWS: usize = 400_000;
    for (name, law) in laws() {
        law.check().unwrap();
        let mut source = Streams::new(1, 0).stream("test", name);
        let draws: Vec<f64> = (0..DRAWS)
            .map(|_| law.sample(&mut source).as_secs_f64())
            .collect();
        let mean = draws.iter().sum::<f64>() / DRAWS as f64;
        let squares = draws
            .iter()
            .map(|x| (x - law.mean_secs()) * (x - law.mean_secs()));
        let squares: Vec<f64> = squares.collect();
        let variance = squares.iter().sum::<f64>() / DRAWS as f64;
        // Four standard errors each; that of the variance is taken from the draws themselves.
        let fourth = squares
            .iter()
            .map(|x| (x - variance) * (x - variance))
            .sum::<f64>();
        let mean_error = 4.0 * sqrt(law.variance_secs2() / DRAWS as f64);
        let variance_error = 4.0 * sqrt(fourth) / DRAWS as f64;
        println!(
            "{name}: {mean} {variance} against {} {}",
            law.mean_secs(),
            law.variance_secs2()
        );
        // A nanosecond more on the mean, since draws are cut off.
        assert!(
            (mean - law.mean_secs()).abs() <= mean_error + 1e-9,
            "{name}: mean {mean}"
        );
        let wrong = (variance - law.variance_secs2()).abs();
        assert!(
            wrong <= variance_error + 1e-11,
            "{name}: variance {variance}"
        );
    }
}

#[test]
fn the_draws_follow_the_distribution_function() {
    const DRAWS: u32 = 100_000;
    for (name, law) in laws() {
        let mut source = Streams::new(2, 0).stream("test", name);
        let mut draws: Vec<Span> = (0..DRAWS).map(|_| law.sample(&mut source)).collect();
        draws.sort();
        for millis in 0..40 {
            let span = Span::from_micros(millis * 500 + 1);
            let share = draws.partition_point(|draw| *draw <= span) as f64 / f64::from(DRAWS);
            // The Kolmogorov bound for a probability of 1e-6: sqrt(ln(2e6) / 2 / n).
            let wrong = (share - law.cdf(span)).abs();
            assert!(
                wrong < 0.0086,
                "{name} at {span}: {share} against {}",
                law.cdf(span)
            );
        }
        assert_eq!(law.cdf(Span::ZERO), 0.0, "{name}");
        assert!(law.cdf(Span::from_secs(10)) > 0.999, "{name}");
    }
}

/// The first sixteen draws of each law, from one key: a change here changes every result.
#[rustfmt::skip]
const FIRST_DRAWS: [(&str, [u64; 16]); 9] = [
    ("constant", [5_000_000; 16]),
    ("uniform", [2875254, 1242263, 3551657, 1750719, 4909543, 3075859, 4668717, 2418031, 2194717, 1146516, 2093557, 2753394, 3112130, 1492707, 3387460, 1783512]),
    ("exponential", [3163209, 312387, 5079370, 1039303, 18945833, 3659074, 12455371, 2188710, 1773950, 186584, 1596821, 2884368, 3754226, 657250, 4542417, 1090021]),
    ("erlang", [2851655, 7881403, 5472677, 1555924, 2984631, 1669079, 1602231, 8156096, 3908686, 3321090, 6385486, 7036071, 3786752, 6224037, 888898, 6093981]),
    ("hyperexponential", [176032, 585656, 16233452, 9710196, 105141, 1625365, 370365, 614236, 660989, 844833, 1321585, 3210019, 1533842, 2187559, 3320146, 856918]),
    ("lognormal", [4696584, 1446873, 6630957, 2460230, 24815131, 5193887, 15157767, 3709492, 3276827, 1192990, 3087501, 4416341, 5289363, 1977902, 6083805, 2520074]),
    ("lognormal with cap", [4696584, 1446873, 6630957, 2460230, 12000000, 5193887, 12000000, 3709492, 3276827, 1192990, 3087501, 4416341, 5289363, 1977902, 6083805, 2520074]),
    ("weibull", [2599620, 95186, 5113771, 530101, 33532121, 3200792, 18417754, 1536118, 1137815, 45586, 979056, 2278540, 3320357, 275458, 4359362, 567440]),
    ("empirical", [1000000, 1000000, 4000000, 1000000, 20000000, 4000000, 20000000, 1000000, 1000000, 1000000, 1000000, 1000000, 4000000, 1000000, 4000000, 1000000]),
];

#[test]
fn the_first_draws_are_these_very_nanoseconds() {
    for ((name, law), (_, expected)) in laws().into_iter().zip(FIRST_DRAWS) {
        let mut source = Keyed::new(42, 0, 0, 0);
        let draws: [u64; 16] = std::array::from_fn(|_| law.sample(&mut source).as_nanos());
        assert_eq!(draws, expected, "{name}");
    }
}

/// A source that gives one word for ever.
struct Always(u64);

impl Source for Always {
    fn bits(&mut self) -> u64 {
        self.0
    }
}

#[test]
fn draws_of_one_word_rise_with_the_word() {
    for (name, law) in laws() {
        if matches!(law, Distribution::Hyperexponential { .. }) {
            continue;
        }
        let words = (0..4_096_u64).map(|step| step << 52);
        let draws: Vec<Span> = words.map(|word| law.sample(&mut Always(word))).collect();
        assert!(draws.is_sorted(), "{name}");
    }
}

#[test]
fn extreme_words_and_parameters_stay_in_bounds() {
    let century = Span::LONGEST_DRAW;
    let nano = Span::from_nanos(1);
    for word in [0, u64::MAX] {
        for (name, law) in laws() {
            let draw = law.sample(&mut Always(word));
            assert!(draw >= nano && draw < Span::from_secs(60), "{name}: {draw}");
        }
        for law in [
            Distribution::Exponential { mean: century },
            Distribution::Lognormal {
                median: century,
                sigma: 10.0,
                cap: None,
            },
            Distribution::Weibull {
                shape: 0.1,
                scale: century,
            },
            Distribution::Uniform {
                low: Span::ZERO,
                high: century,
            },
            Distribution::Uniform {
                low: Span::ZERO,
                high: Span::ZERO,
            },
        ] {
            let draw = law.sample(&mut Always(word));
            assert!(draw >= nano && draw <= century, "{law:?}: {draw}");
        }
    }
    assert_eq!(
        Distribution::Constant(Span::ZERO).sample(&mut Always(0)),
        Span::ZERO
    );
}

#[test]
fn parameters_without_meaning_are_refused() {
    let (none, some) = (Span::ZERO, Span::from_secs(1));
    for (law, complaint) in [
        (
            Distribution::Uniform {
                low: some,
                high: none,
            },
            "the first length must not be longer than the second",
        ),
        (
            Distribution::Uniform {
                low: none,
                high: Span::MAX,
            },
            "high must not be longer than 100 years",
        ),
        (
            Distribution::Exponential { mean: none },
            "the mean must not be zero",
        ),
        (
            Distribution::Erlang {
                shape: 0,
                mean: some,
            },
            "the shape must lie between 1 and 100",
        ),
        (
            Distribution::Hyperexponential {
                mean: some,
                cv2: f64::NAN,
            },
            "cv2 must lie between 1 and 1e6",
        ),
        (
            Distribution::Lognormal {
                median: some,
                sigma: -1.0,
                cap: None,
            },
            "sigma must lie between 0 and 10",
        ),
        (
            Distribution::Weibull {
                shape: 0.0,
                scale: some,
            },
            "the shape must lie between 0.1 and 100",
        ),
    ] {
        assert_eq!(law.check(), Err(complaint), "{law:?}");
    }
}

#[test]
fn known_values_of_the_distribution_functions() {
    let mean = Span::from_secs(1);
    let close = |law: Distribution, secs: u64, expected: f64| {
        let value = law.cdf(Span::from_secs(secs));
        assert!((value - expected).abs() < 1e-12, "{law:?}: {value}");
    };
    // 1 - 1/e throughout, but for 1 - 5/e^4 of the Erlang law and the median of the lognormal.
    close(
        Distribution::Exponential { mean },
        1,
        0.632_120_558_828_557_7,
    );
    close(
        Distribution::Erlang { shape: 2, mean },
        2,
        0.908_421_805_556_329_1,
    );
    close(
        Distribution::Hyperexponential { mean, cv2: 1.0 },
        1,
        0.632_120_558_828_557_7,
    );
    close(
        Distribution::Lognormal {
            median: mean,
            sigma: 2.0,
            cap: None,
        },
        1,
        0.5,
    );
    close(
        Distribution::Weibull {
            shape: 3.0,
            scale: mean,
        },
        1,
        0.632_120_558_828_557_7,
    );
    // Sigma zero and a cap below the median are constants.
    let flat = Distribution::Lognormal {
        median: mean,
        sigma: 0.0,
        cap: Some(mean / 2),
    };
    assert_eq!((flat.mean_secs(), flat.variance_secs2()), (0.5, 0.0));
}
