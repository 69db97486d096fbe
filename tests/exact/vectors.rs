//! The first words of every kind of random stream: a change here changes every result. The vectors of the laws are beside
//! them in `src/kernel/variate`.

use tunnelsim::kernel::random::{Source, Streams};

use crate::suite::{Group, Log};

pub const GROUPS: &[Group] = &[(
    "the_first_words_of_every_kind_of_stream_are_these",
    first_words,
)];

/// Purpose, entity as the engine names it, and the first eight words of seed 42, replication 7: computed by another
/// ChaCha8, written from RFC 8439 with eight rounds and a counter and nonce of 64 bits each.
#[rustfmt::skip]
const WORDS: [(&str, &str, [u64; 8]); 9] = [
    ("arrivals", "spain", [
        0x60f9_6c87_c46f_e629, 0xc7a3_0cea_3201_2de3, 0x65eb_4099_a2ec_62ef, 0x7824_d4db_7604_7bbb,
        0xdb02_d117_93f8_7753, 0x47ac_5f3e_e88d_63bf, 0x900b_d681_97eb_48d1, 0xd18a_e66d_2f8e_1ed4,
    ]),
    ("sessions", "spain", [
        0xf566_dfcd_6838_2ff3, 0x2c92_9039_d4bc_c79a, 0x4421_075d_e9c0_87e8, 0x461b_00d1_81a3_6ad3,
        0x71dd_d52a_cf37_dbc3, 0xea31_e340_c92b_c615, 0xc3a4_c2c3_6b3c_89c3, 0x2d9e_6240_9e0d_a570,
    ]),
    ("faults", "power-cut-vps", [
        0xd5c8_4786_a00b_080b, 0x7134_8660_82d3_2409, 0x78ea_241b_7370_7683, 0x7789_37ae_efa4_7f80,
        0x7652_9411_4ec0_c940, 0x5687_bd71_186d_e031, 0xa8e8_0c29_f747_f674, 0x79a3_19a4_63b8_c5d1,
    ]),
    ("placement", "prod/a", [
        0x92bb_c25b_8f41_19ec, 0x98cd_2633_797c_89ed, 0xa8c0_1f3e_87bb_0fa6, 0x9e21_c55c_3529_429e,
        0x3991_2e8a_9dec_3c1d, 0xcae8_65c2_8653_bf81, 0x4f2f_5e82_4d4e_e576, 0x290f_ad3d_d266_d988,
    ]),
    ("placement", "prod/a/0", [
        0x8d7d_1766_d928_abed, 0xd2f2_e0f3_9cc2_75a7, 0xc4a4_7f4f_55a3_44dd, 0x21d4_2e48_12a2_c41b,
        0x602a_11c3_dea2_6940, 0x1ffe_bd7d_9363_8360, 0x66b9_34be_f2cb_a5de, 0xc45c_1028_d68c_108b,
    ]),
    ("backoff", "prod/a/0", [
        0x6053_abe1_e0c8_ce81, 0xbe73_9332_eba3_6855, 0x2bdb_7536_e2f0_fe1f, 0x04ce_7751_e8a0_1166,
        0xc9fb_84c0_0ffb_d6d9, 0x75e4_78df_467d_5a2c, 0xedd6_a2b6_7a15_28d9, 0x1789_a50f_c9ba_5266,
    ]),
    ("backoff", "prod/a/supervisor", [
        0x7d66_2708_c549_b047, 0xdfc1_85b4_ac86_7617, 0x99c0_09cd_f93f_7c29, 0x4ef5_4a06_54f9_ad8b,
        0xeb0d_c3cf_d412_b235, 0xc36b_c85e_bcd5_d737, 0xdd62_fe4b_69ef_fe2c, 0xa9fa_99c1_5269_d25a,
    ]),
    ("world", "paths", [
        0x8b2f_9991_7da1_53f3, 0x6367_3361_5a8a_17f8, 0xdcb8_fe21_b8fe_6583, 0xe965_64bf_76e0_74ec,
        0xf321_56ea_025b_866c, 0x64f2_bb21_e4d7_36be, 0xfbab_f5a8_bff6_ca2d, 0xd506_5cab_4f31_49cf,
    ]),
    ("world", "changes", [
        0x597c_57dc_d0a0_835f, 0xd67b_911f_a538_f2de, 0xe717_af8b_0987_d17e, 0x1dc7_b15a_030c_5c1b,
        0xc502_2617_c65f_e6e9, 0xfda5_785e_9a02_f72d, 0x5e7d_21d4_906c_6986, 0x2f9e_c928_b54f_7cb7,
    ]),
];

fn first_words(log: &mut Log) {
    let streams = Streams::new(42, 7);
    for (purpose, entity, expected) in WORDS {
        let mut stream = streams.stream(purpose, entity);
        let words: [u64; 8] = std::array::from_fn(|_| stream.bits());
        assert_eq!(words, expected, "{purpose}/{entity}: {words:#018x?}");
        log.passed(8, format!("{purpose}/{entity}"));
    }
}
