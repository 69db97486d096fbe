//! What is read of YAML, what is refused, and every limit.

use super::*;
use crate::notation::render::{Style, render};

fn tree(text: &str) -> (Option<Node>, String) {
    tree_of_bytes(text.as_bytes())
}

fn tree_of_bytes(bytes: &[u8]) -> (Option<Node>, String) {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let node = read("a.yaml", bytes, &mut sources, &mut problems);
    (node, render(&problems, &sources, Style::Plain))
}

fn sound(text: &str) -> Node {
    let (node, problems) = tree(text);
    assert_eq!(problems, "");
    node.unwrap()
}

fn place(node: &Node) -> (u32, u32, u32, u32) {
    let Position {
        start,
        end,
        line,
        column,
        ..
    } = node.position;
    (start, end, line, column)
}

#[test]
fn scalars_keep_their_text_and_their_place() {
    let root = sound("a: 1e400\nb:   0x10  # sixteen\nc: \"NaN\"\n");
    let scalar = |text: &str, quoted| {
        Value::Scalar(Scalar {
            text: text.to_owned(),
            quoted,
        })
    };
    assert_eq!(root.get("a").unwrap().value, scalar("1e400", false));
    assert_eq!(root.get("b").unwrap().value, scalar("0x10", false));
    assert_eq!(root.get("c").unwrap().value, scalar("NaN", true));
    assert_eq!(place(root.get("b").unwrap()), (14, 18, 2, 6));
    assert_eq!(place(root.get("c").unwrap()), (33, 38, 3, 4));
}

#[test]
fn places_are_bytes_even_after_other_letters() {
    let root = sound("title: Querétaro ↔ Dallas\nseed: 7\n");
    assert_eq!(place(root.get("seed").unwrap()), (35, 36, 2, 7));
}

#[test]
fn a_block_and_a_list_stand_at_their_key() {
    let root = sound("hosts:\n  vps1: {city: Oslo}\nfaults:\n  - cut: {at: 1s}\n");
    assert_eq!(place(root.get("hosts").unwrap()), (0, 5, 1, 1));
    assert_eq!(
        place(root.get("hosts").unwrap().get("vps1").unwrap()),
        (9, 13, 2, 3)
    );
    let Value::List(faults) = &root.get("faults").unwrap().value else {
        panic!("not a list");
    };
    assert_eq!(faults[0].position.line, 4);
}

#[test]
fn nothing_is_null_and_an_empty_text_is_not() {
    let root = sound("a:\nb: ~\nc: null\nd: ''\n");
    for key in ["a", "b", "c"] {
        assert_eq!(root.get(key).unwrap().value, Value::Null);
    }
    assert_ne!(root.get("d").unwrap().value, Value::Null);
    assert_eq!(sound("").value, Value::Null);
    assert_eq!(sound("# only a comment\n").value, Value::Null);
}

#[test]
fn a_key_set_twice_is_reported_at_the_second_place() {
    let (node, problems) = tree("a: 1\nb: 2\na: 3\n");
    insta::assert_snapshot!(problems, @r#"
error: `a` is set twice
 --> a.yaml:3:1
  |
3 | a: 3
  | ^ the second time

error: 1 problem in a.yaml
"#);
    assert_eq!(node.unwrap().get("a").unwrap().describe(), "this is `1`");
}

#[test]
fn broken_syntax_is_reported_at_its_line() {
    let shown: Vec<String> = [
        "a:\n\tb: 1\n",
        "a:\n  b: 1\n c: 2\n",
        "a: [1, 2\nb: 3\n",
        "a: {b: 1\n",
        "a: \"never closed\n",
        "a: b: c\n",
        "- a\nb: 1\n",
        "a: 'x' y\n",
        "a: @x\n",
        "]",
        "a: \u{0}\n",
    ]
    .iter()
    .map(|text| tree(text).1)
    .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
error: a tab cannot indent a line of YAML
 --> a.yaml:2:1
  |
2 |     b: 1
  | ^^^^ this line begins with a tab
  |
help: indent with spaces

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:3:2
  |
3 |  c: 2
  |  ^ while parsing a block mapping, did not find expected key

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:2:2
  |
2 | b: 3
  |  ^ illegal placement of ':' indicator
  |
  = note: the `[` of line 1 is still open

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:2:1
  |
2 |
  | ^ while parsing a flow mapping, did not find expected ',' or '}'
  |
  = note: the `{` of line 1 is still open

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: "never closed
  |    ^ while scanning a quoted scalar, found unexpected end of stream

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:5
  |
1 | a: b: c
  |     ^ mapping values are not allowed in this context
  |
help: a text that contains `: ` must stand in quotes

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:2:1
  |
2 | b: 1
  | ^ while parsing a block collection, did not find expected '-' indicator

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:8
  |
1 | a: 'x' y
  |        ^ invalid trailing content after double-quoted scalar
  |
help: if the quotes are part of the text, put quotes around all of it

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: @x
  |    ^ unexpected character: `@'
  |
help: a text that begins with this character must stand in quotes

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:1
  |
1 | ]
  | ^ misplaced bracket

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: ␀
  |    ^ found unprintable character

error: 1 problem in a.yaml
"#);
}

#[test]
fn a_tab_is_shown_where_it_stands_and_not_where_the_text_before_it_begins() {
    let shown = tree("title: x\n\tseed: 1\n").1;
    assert!(shown.contains("a tab cannot indent"), "{shown}");
    assert!(shown.contains("--> a.yaml:2:1"), "{shown}");
}

#[test]
fn what_scenarios_do_not_need_of_yaml_is_refused() {
    let shown: Vec<String> = [
        "a: &x 1\nb: *x\n",
        "a: !!str 1\n",
        "a: 1\n---\nb: 2\n",
        "? [a, b]\n: c\n",
        "a: *x\n",
    ]
    .iter()
    .map(|text| tree(text).1)
    .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
error: anchors (`&name`) are not read in a scenario
 --> a.yaml:1:4
  |
1 | a: &x 1
  |    ^^^^ this value has an anchor
  |
help: remove the anchor, or use `extends` to share values between files

error: aliases (`*name`) are not read in a scenario
 --> a.yaml:2:4
  |
2 | b: *x
  |    ^^ an alias
  |
help: write the value out here; a text that begins with `*` must stand in quotes

error: 2 problems in a.yaml

error: tags (`!name`) are not read in a scenario
 --> a.yaml:1:4
  |
1 | a: !!str 1
  |    ^^^^^^^ this value has a tag
  |
help: remove the tag; what a value means follows from its key

error: 1 problem in a.yaml

error: a scenario is one YAML document
 --> a.yaml:2:1
  |
2 | ---
  | ^^^ a second document begins here

error: 1 problem in a.yaml

error: a key must be a plain text
 --> a.yaml:1:3
  |
1 | ? [a, b]
  |   ^ this is a list

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: *x
  |    ^ while parsing node, found unknown anchor
  |
help: a text that begins with `*` or `&` must stand in quotes

error: 1 problem in a.yaml
"#);
}

#[test]
fn a_file_may_have_a_mebibyte_but_not_a_byte_more() {
    let mut text = format!("a: 1\n#{}", "x".repeat(FILE_BYTES_MAX - 6));
    assert_eq!(text.len(), FILE_BYTES_MAX);
    assert_eq!(tree(&text).1, "");
    text.push('x');
    assert!(
        tree(&text)
            .1
            .contains("the file has 1048577 bytes; at most 1048576 are read")
    );
}

#[test]
fn nesting_may_be_sixteen_deep_but_not_seventeen() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(tree(&nested(NESTING_MAX)).1, "");
    assert!(
        tree(&nested(NESTING_MAX + 1))
            .1
            .contains("may be nested 16 deep")
    );
    assert!(tree(&nested(100_000)).0.is_none());
    assert!(
        tree(&"- ".repeat(100_000))
            .1
            .contains("may be nested 16 deep")
    );
}

#[test]
fn a_list_may_have_ten_thousand_entries_but_not_one_more() {
    let list = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    assert_eq!(tree(&list(LIST_ITEMS_MAX)).1, "");
    assert!(
        tree(&list(LIST_ITEMS_MAX + 1))
            .1
            .contains("may have 10000 entries")
    );
    let block: String = (0..=LIST_ITEMS_MAX)
        .map(|number| format!("k{number}: 1\n"))
        .collect();
    assert!(tree(&block).1.contains("may have 10000 entries"));
}

#[test]
fn a_key_may_have_256_bytes_and_a_value_four_kibibytes() {
    let key = |length: usize| format!("{}: 1\n", "k".repeat(length));
    assert_eq!(tree(&key(STRING_BYTES_MAX)).1, "");
    assert!(
        tree(&key(STRING_BYTES_MAX + 1))
            .1
            .contains("at most 256 bytes")
    );
    let value = |length: usize| format!("a: {}\n", "v".repeat(length));
    assert_eq!(tree(&value(PROSE_BYTES_MAX)).1, "");
    assert!(
        tree(&value(PROSE_BYTES_MAX + 1))
            .1
            .contains("at most 4096 bytes")
    );
}

#[test]
fn bytes_that_are_not_utf_8_are_shown_where_they_are() {
    let (node, problems) = tree_of_bytes(b"a: 1\nb: M\xfcnchen\n");
    assert!(node.is_none());
    insta::assert_snapshot!(problems, @r#"
error: the file is not UTF-8 text
 --> a.yaml:2:5
  |
2 | b: M�nchen
  |     ^ byte 0xfc cannot stand here

error: 1 problem in a.yaml
"#);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let root = sound("\u{feff}a: 1\r\nb: 2\r\n");
    assert_eq!(root.get("a").unwrap().describe(), "this is `1`");
    assert_eq!(root.get("b").unwrap().describe(), "this is `2`");
    assert_eq!(place(root.get("b").unwrap()), (12, 13, 2, 4));
}
