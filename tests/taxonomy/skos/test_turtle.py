"""A Turtle file is rewritten by whole subjects; whatever it looks like, it says what it should say afterwards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_taxonomy.skos.blank import canonical
from concord_taxonomy.skos.rdf import parse_triples
from concord_taxonomy.skos.turtle import rewrite

ODD = """\
# A comment with "quotes", a dot. And <brackets>.
@prefix : <https://x.example/> .
PREFIX s: <http://www.w3.org/2004/02/skos/core#>
@base <https://x.example/base/> .

:a s:prefLabel "a. b"@en, '''long
. text'''@de ; s:notation 1.5, "x"^^<https://x.example/type> . # behind :a
:b.c s:related :a . :d s:broader :a , [ s:note "blank." ] .
<relative> s:broader :a .
:a s:altLabel "said later"@en .
[] s:note "nobody" .
:list s:memberList (:a :d) .
"""


def rewritten(text, change, file="x.ttl"):
    held, prefixes = parse_triples(text.encode(), file)
    wanted = change(held)
    data = rewrite(text.encode(), file, held, wanted, prefixes)
    assert canonical(parse_triples(data, file)[0]) == canonical(wanted)
    return data.decode()


def without(*words):
    return lambda held: [each for each in held if not any(word in str(each) for word in words)]


def test_what_is_not_touched_stays_letter_by_letter():
    new = rewritten(ODD, without("said later"))
    assert new.startswith(ODD[: ODD.index(":a s:prefLabel")])
    assert '# behind :a\n:b.c s:related :a . :d s:broader :a , [ s:note "blank." ] .\n<relative>' in new
    assert new.endswith('[] s:note "nobody" .\n:list s:memberList (:a :d) .\n')


def test_all_statements_of_a_subject_can_go():
    new = rewritten(ODD, without("<https://x.example/a> <http", "base/relative"))
    assert "prefLabel" not in new and "relative" not in new and "# behind :a" in new


def test_blank_nodes_of_what_changes_stay_where_they_are_used():
    new = rewritten(
        ODD, without("https://x.example/d> <http://www.w3.org/2004/02/skos/core#broader> <https://x.example/a")
    )
    assert '# behind :a\n:b.c s:related :a . :d s:broader [ s:note "blank." ] .\n<relative>' in new


def test_nested_nodes_and_lists_of_what_changes_are_a_small_difference():
    old = """@prefix : <https://x.example/> .
# The first one.
:a :say [ :note "one" ; :more [ :note "two" ] ] , ( 1 [ :note "in a list" ] "x" ) ; :old "gone" ; :none [] .
# The second one.
:b :note "b" .
"""
    new = rewritten(old, without("gone"))
    assert "# The first one." in new and new.endswith('# The second one.\n:b :note "b" .\n')
    assert '[ :more [ :note "two" ] ; :note "one" ]' in new and '[ :note "in a list" ] "x" )' not in new
    assert '(1 [ :note "in a list" ] "x")' in new.replace('"1"^^', "1^^") or "in a list" in new


def test_blank_nodes_that_change_or_stand_in_two_places_are_written_as_a_whole():
    shared = '@prefix : <https://x.example/> .\n# lost\n:a :say _:x ; :old "gone" . :b :say _:x . _:x :note "one" .\n'
    assert "# lost" not in rewritten(shared, without("gone"))
    own = '@prefix : <https://x.example/> .\n# lost\n:a :say [ :note "one" ; :old "gone" ] .\n'
    assert "# lost" not in rewritten(own, without("gone"))


def test_a_prefix_that_is_missing_is_declared():
    import pyoxigraph as ox

    said = ox.Triple(
        ox.NamedNode("https://x.example/a"), ox.NamedNode("http://www.w3.org/2002/07/owl#deprecated"), ox.Literal(True)
    )
    for text in (ODD, "<https://x.example/a> <https://x.example/p> 1 .\n"):
        new = rewritten(text, lambda held: [*held, said])
        assert new.count("@prefix owl: <http://www.w3.org/2002/07/owl#> .\n") == 1 and "owl:deprecated true" in new


@pytest.mark.parametrize("text", ["", "# nothing\n", "@prefix s: <https://x.example/> .\n"])
def test_an_empty_file_takes_what_is_new(text):
    import pyoxigraph as ox

    node = ox.NamedNode("https://x.example/a")
    new = rewritten(text, lambda held: [ox.Triple(node, node, ox.Literal("x", language="en"))])
    assert new.startswith(text.rstrip("\n"))


_NAMES = st.sampled_from([":a", ":b", ":c.d", "<https://x.example/e>", "<f>", ":g\\.h", "_:i"])
_VALUES = st.sampled_from([":a", '"x. y"@en', '"# no comment"', "1.5", '[ :p "z" ]', "(:a :b)", '"""a"b"""', "_:i"])
_STATEMENT = st.tuples(_NAMES, st.sampled_from([":p", ":q"]), _VALUES, st.sampled_from([" .\n", ".\n", " . # c.\n"]))


@settings(max_examples=60)
@given(st.lists(_STATEMENT, max_size=8), st.sets(st.integers(0, 30)))
def test_any_file_says_what_is_wanted(statements, dropped):
    head = "@prefix : <https://x.example/> .\n@base <https://x.example/base/> .\n"
    text = head + "".join(f"{s} {p} {o}{end}" for s, p, o, end in statements)
    rewritten(text, lambda held: [each for number, each in enumerate(held) if number not in dropped])
