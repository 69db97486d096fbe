//! Elementary functions with the same bits on every platform.
//!
//! The standard library leaves the last bits of `ln`, `exp` or `sin` to the platform: they differ
//! between C libraries, and even between processors under one library. Cut off to nanoseconds,
//! that changes one in forty draws of a month-long outage. The functions here come from the
//! pure-Rust `libm` package, at one exact version; this file is the only one that calls it.
//! `+`, `-`, `*`, `/` and square roots are exact by the floating-point standard.

/// Natural logarithm.
///
/// ```
/// assert_eq!(tunnelsim::kernel::math::ln(1.0), 0.0);
/// ```
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), exact also for small x.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// e to the power x.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// exp(x) - 1, exact also for small x.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `base` to the power `exponent`.
#[inline]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// Square root, which the floating-point standard rounds correctly on every platform.
#[inline]
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// Sine of an angle in radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The angle in radians whose sine is x.
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// The angle in radians of the point (x, y) seen from the origin.
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// The gamma function: Γ(n) = (n - 1)! for whole n.
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// The probability that a standard normal variable is at most `x`.
///
/// ```
/// assert_eq!(tunnelsim::kernel::math::normal_cdf(0.0), 0.5);
/// ```
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The value that a standard normal variable stays below with the given probability.
///
/// Wichura's algorithm AS 241 (Applied Statistics 37, 1988), routine PPND16: three quotients of
/// polynomials, with a relative error of about 1e-16. `probability` 0 and 1 give the infinities.
///
/// ```
/// let z = tunnelsim::kernel::math::normal_quantile(0.975);
/// assert!((z - 1.959963984540054).abs() < 1e-14);
/// ```
pub fn normal_quantile(probability: f64) -> f64 {
    let offset = probability - 0.5;
    if offset.abs() <= 0.425 {
        let r = 0.180625 - offset * offset;
        return offset * quotient(&CENTRE, r);
    }
    let tail = if offset < 0.0 {
        probability
    } else {
        1.0 - probability
    };
    if tail <= 0.0 {
        return f64::INFINITY.copysign(offset);
    }
    let r = sqrt(-ln(tail));
    let distance = if r <= 5.0 {
        quotient(&SHOULDER, r - 1.6)
    } else {
        quotient(&FAR_TAIL, r - 5.0)
    };
    distance.copysign(offset)
}

/// Numerator and denominator of a rational function, constant terms first.
type Rational = [[f64; 8]; 2];

/// The value of a rational function, by Horner's rule.
fn quotient(rational: &Rational, x: f64) -> f64 {
    let [above, below] = rational.map(|terms| {
        terms
            .into_iter()
            .rev()
            .fold(0.0, |sum, term| sum * x + term)
    });
    above / below
}

const CENTRE: Rational = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];

const SHOULDER: Rational = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_545,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR_TAIL: Rational = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_quantile_agrees_with_published_values() {
        for (probability, expected) in [
            // The two examples of the article, and common critical values.
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_814),
            (1e-20, -9.262_340_089_798_41),
            (0.5, 0.0),
            (0.9, 1.281_551_565_544_600_4),
            (0.995, 2.575_829_303_548_901),
        ] {
            let z = normal_quantile(probability);
            assert!(
                (z - expected).abs() <= 1e-14 * expected.abs(),
                "{probability}: {z}"
            );
        }
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn the_normal_quantile_undoes_the_distribution_function() {
        for step in 1..2_000 {
            let probability = f64::from(step) / 2_000.0;
            let back = normal_cdf(normal_quantile(probability));
            assert!((back - probability).abs() < 4e-16, "{probability}: {back}");
        }
        for exponent in 3..300 {
            let probability = pow(10.0, -f64::from(exponent));
            let back = normal_cdf(normal_quantile(probability));
            assert!(
                (back / probability - 1.0).abs() < 1e-12,
                "{probability}: {back}"
            );
        }
    }

    #[test]
    fn the_functions_have_these_very_bits() {
        let bits = [
            ln(3.0),
            ln_1p(1e-5),
            exp(1.5),
            exp_m1(1e-5),
            pow(1.7, 2.3),
            sin(2.0),
            cos(2.0),
            asin(0.3),
            atan2(1.0, 3.0),
            gamma(1.5),
            normal_cdf(1.2),
            normal_quantile(0.01),
        ]
        .map(f64::to_bits);
        assert_eq!(
            bits,
            [
                0x3ff1_93ea_7aad_030a,
                0x3ee4_f8ae_a9ae_7317,
                0x4011_ed3f_e64f_c541,
                0x3ee4_f8bc_681c_dfb6,
                0x400b_1c0c_46dc_b4ea,
                0x3fed_18f6_ead1_b446,
                0xbfda_a226_5753_7205,
                0x3fd3_8015_9e14_f6ff,
                0x3fd4_978f_a326_9ee1,
                0x3fec_5bf8_91b4_ef6d,
                0x3fec_5159_6934_5c3a,
                0xc002_9c5c_4630_ff0d,
            ]
        );
    }
}
