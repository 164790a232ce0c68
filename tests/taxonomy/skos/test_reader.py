import json
from pathlib import Path

import pytest

from concord_taxonomy.skos import (
    Concept,
    EntityDeclaration,
    Label,
    Limits,
    NotSkos,
    Scheme,
    SharedSchemeUnknown,
    UnknownVocabularyFormat,
    Vocabulary,
    VocabularyFileError,
    VocabularySyntaxError,
    VocabularyTooLarge,
    parse_vocabulary,
    read_folder,
    read_vocabulary,
)

PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix id: <https://x.example/id/> .
@prefix p: <https://x.example/people/> .
"""
SHARED = """id: a skos:ConceptScheme ; dct:title "Shared"@en ; skos:hasTopConcept id:leave .
id:leave a skos:Concept ; skos:prefLabel "leave"@en , "Urlaub"@DE ; skos:hiddenLabel "leav" ;
  skos:definition "Days  off" ; skos:notation "L1" ; skos:narrower id:sick ; skos:prefSymbol <https://x.example/i.png> .
id:sick a skos:Concept ; skos:prefLabel "sick leave"@en ; owl:deprecated true ; dct:isReplacedBy id:leave .
[] a skos:Collection ; skos:notation "other" ; skos:member id:sick .
id:too-general a skos:Collection ; skos:prefLabel "Too general"@en ; skos:notation "stop" ; skos:member id:leave .
"""
PEOPLE = """p: a skos:ConceptScheme ; dct:publisher "People" .
p:pto a skos:Concept ; skos:prefLabel "PTO"@en .
"""
ALIGNMENTS = "p:pto skos:exactMatch id:leave .\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.ttl").write_text(PREFIXES + text)
    return folder


def turtle(text: str) -> Vocabulary:
    return parse_vocabulary((PREFIXES + text).encode(), "words.ttl")


def test_a_folder_is_one_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no vocabulary")
    vocabulary = read_folder(write(tmp_path, shared=SHARED, people=PEOPLE, alignments=ALIGNMENTS))
    scheme, leave = "https://x.example/id/", "https://x.example/id/leave"
    assert vocabulary.shared_scheme == scheme
    assert vocabulary.concepts[leave] == Concept(
        leave,
        pref_label=(Label("Urlaub", "de"), Label("leave", "en")),
        hidden_label=(Label("leav"),),
        definition=(Label("Days off"),),
        notation=("L1",),
        narrower=("https://x.example/id/sick",),
        exact_match=("https://x.example/people/pto",),
        in_scheme=(scheme,),
        top_concept_of=(scheme,),
    )
    assert vocabulary.concepts["https://x.example/id/sick"].deprecated
    assert (
        vocabulary.shared("https://x.example/people/pto") == vocabulary.shared("https://x.example/id/sick") == (leave,)
    )
    assert vocabulary.scheme("People") == Scheme("https://x.example/people/", publisher="People")
    assert vocabulary.stop == {leave}
    assert set(vocabulary.concepts) == {leave, "https://x.example/id/sick", "https://x.example/people/pto"}


def test_no_file_is_an_empty_vocabulary(tmp_path: Path) -> None:
    assert read_folder(tmp_path) == Vocabulary()


def test_the_shared_scheme_is_declared(tmp_path: Path) -> None:
    write(tmp_path, common=SHARED, people=PEOPLE)
    with pytest.raises(SharedSchemeUnknown, match=r"https://x.example/people/.*shared\.ttl"):
        read_folder(tmp_path)
    assert read_folder(tmp_path, shared_scheme="https://x.example/people/").shared_scheme == "https://x.example/people/"
    assert read_folder(tmp_path, shared_scheme="").shared_scheme == ""
    with pytest.raises(SharedSchemeUnknown, match=r"https://typo\.example/ is in no file"):
        read_folder(tmp_path, shared_scheme="https://typo.example/")
    assert read_vocabulary([tmp_path / "people.ttl"]).shared_scheme == "https://x.example/people/"


FORMATS = {
    "words.ttl": """<https://x.example/a> a <http://www.w3.org/2004/02/skos/core#Concept> ;
        <http://www.w3.org/2004/02/skos/core#prefLabel> "leave"@en .""",
    "words.nt": """<https://x.example/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "leave"@en .""",
    "words.rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:skos="http://www.w3.org/2004/02/skos/core#"><skos:Concept rdf:about="https://x.example/a">
        <skos:prefLabel xml:lang="en">leave</skos:prefLabel></skos:Concept></rdf:RDF>""",
    "words.jsonld": """{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#"}, "@id": "https://x.example/a",
        "skos:prefLabel": {"@value": "leave", "@language": "en"}}""",
}


def test_a_declaration_in_a_comment_or_in_character_data_is_none(tmp_path: Path) -> None:
    file = tmp_path / "a.rdf"
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:skos="http://www.w3.org/2004/02/skos/core#">'
        '<!-- <!ENTITY a "b"> --><skos:Concept rdf:about="http://x/a">'
        "<skos:prefLabel><![CDATA[<!DOCTYPE x>]]></skos:prefLabel></skos:Concept></rdf:RDF>"
    )
    file.write_text(text, "utf-8")
    assert read_vocabulary([file]).concepts["http://x/a"].label() == "<!DOCTYPE x>"
    file.write_text("<!-- --><!DOCTYPE x []>" + text, "utf-8")
    with pytest.raises(EntityDeclaration):
        read_vocabulary([file])
    file.write_text("<!--" * 100_000 + text, "utf-8")
    with pytest.raises(VocabularySyntaxError):
        read_vocabulary([file])


def test_a_collection_of_stop_concepts_needs_no_name(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<http://x/a> a skos:Concept ; skos:prefLabel "General"@en .\n'
        '[] a skos:Collection ; skos:prefLabel "Too general"@en ; skos:notation "stop" ; skos:member <http://x/a> .\n'
        '[] a skos:Collection ; skos:notation "all" ; skos:member <http://x/b> .\n',
        "utf-8",
    )
    vocabulary = read_vocabulary([tmp_path / "a.ttl"])
    assert vocabulary.stop == {"http://x/a"} and vocabulary.concepts.keys() == {"http://x/a"}


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_formats_say_the_same(file: str, mark: bytes) -> None:
    vocabulary = parse_vocabulary(mark + FORMATS[file].encode(), file)
    assert list(vocabulary.concepts.values()) == [Concept("https://x.example/a", pref_label=(Label("leave", "en"),))]


RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
"""
LONG = "https://x.example/" + "x" * 8_192 + "/"


def context(**terms: object) -> str:
    return '{\n"@context": ' + json.dumps(terms) + ', "@id": "https://x.example/a", "https://x.example/b": "c"}'


REFUSED = [
    ("words.ttl", PREFIXES + 'id:leave skos:prefLabel "lea\n', VocabularySyntaxError, 6),
    ("words.ttl", "<leave> a <https://x.example/T> .", VocabularySyntaxError, 1),
    ("words.nt", '<https://x.example/a> <https://x.example/b> "c" .\nnonsense .\n', VocabularySyntaxError, 2),
    ("words.jsonld", '{"@id":\n }', VocabularySyntaxError, 2),
    ("words.jsonld", '{"@context": "http://127.0.0.1:9/c.jsonld", "a": "b"}', VocabularySyntaxError, None),
    ("words.rdf", RDF + '<skos:Concept rdf:about="https://x.example/a">\n</rdf:RDF>', VocabularySyntaxError, 4),
    ("words.rdf", RDF + '<skos:Concept rdf:about="https://x.example/a"/>\n', VocabularySyntaxError, 4),
    ("words.rdf", RDF + "<skos:Concept><skos:broader>\n" * 101, VocabularyTooLarge, 102),
    ("words.rdf", RDF + '<skos:Concept rdf:about="::"/>\n\n</rdf:RDF>', VocabularySyntaxError, 3),
    ("words.rdf", '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n<x>&a;</x>', EntityDeclaration, 2),
    ("words.rdf", '<!doctype x SYSTEM "file:///etc/passwd">\n<x/>', EntityDeclaration, 1),
    ("words.rdf", RDF + '<skos:Concept rdf:about="https://x.example/a">&a;</skos:Concept>', VocabularySyntaxError, 3),
    ("words.rdf", '<!DOCTYPE x [<!ENTITY a "b">]>\n<x>&a;</x>'.encode("utf-16"), EntityDeclaration, 1),
    ("words.ttl", PREFIXES + "id:a id:b " + "[ id:b ')' ; id:c \n" * 201, VocabularyTooLarge, 206),
    ("words.ttl", PREFIXES + "id:a id:b " + "(\n" * 201, VocabularyTooLarge, 206),
    ("words.ttl", "<< <a:b> <a:c>\n" * 201, VocabularyTooLarge, 201),
    ("words.nt", "<a:b> <a:c> " + "<<( <a:b> <a:c> " * 101, VocabularyTooLarge, 1),
    ("words.jsonld", '{"@id":"a:b","a:c}":' * 5_000 + "1" + "}" * 5_000, VocabularyTooLarge, 1),
    ("words.jsonld", "[" * 60_000 + "]" * 60_000, VocabularyTooLarge, 1),
    ("words.ttl", PREFIXES + "id:leave a skos:Concept ;\n  skos:prefLabel id:name .", NotSkos, 7),
    ("words.ttl", PREFIXES + 'id:leave skos:altLabel "  " .', NotSkos, 6),
    ("words.ttl", PREFIXES + 'id:leave a skos:Concept .\n\nid:leave skos:broader "time off" .', NotSkos, 8),
    ("words.ttl", PREFIXES + "[] a skos:Concept .", NotSkos, 6),
    (
        "words.ttl",
        PREFIXES + f'id:leave skos:note "ok" .\nid:leave skos:note "{"x" * 100_001}" .',
        VocabularyTooLarge,
        7,
    ),
    ("words.csv", "a,b", UnknownVocabularyFormat, None),
    ("words.ttl", f"@base <{LONG}> .\n" + "<a> <b> <c> .\n" * 20_000, VocabularyTooLarge, 2),
    ("words.nt", f'<a:b> <a:c> "d"^^<{LONG}> .', VocabularyTooLarge, 1),
    ("words.rdf", RDF + f'<skos:Concept xml:base="{LONG}" rdf:about="b"/></rdf:RDF>', VocabularyTooLarge, 3),
    ("words.jsonld", f'{{"@id": "{LONG}",\n"a:b": "c"}}', VocabularyTooLarge, 2),
    ("words.jsonld", context(**{"@base": LONG}), VocabularyTooLarge, 2),
    ("words.jsonld", context(a={"@id": "a:b", "@context": [{"@vocab": LONG}]}), VocabularyTooLarge, 2),
    ("words.jsonld", context(t="u:" + "x" * 5_000, u="a:" + "x" * 5_000), VocabularyTooLarge, 2),
    ("words.jsonld", context(t="a:" + "x" * 8_000) + " " * 10 + '""' * 70_000, VocabularyTooLarge, 2),
    ("words.jsonld", context(**{f"t{n}": f"t{n + 1}:" for n in range(10_000)}), VocabularyTooLarge, 2),
    ("words.jsonld", context(**{f"t{n}": {"@id": f"t{n + 1}"} for n in range(10_000)}), VocabularyTooLarge, 2),
    ("words.jsonld", context(**{f"t{n}": f"t{(n + 1) % 10_000}" for n in range(10_000)}), VocabularyTooLarge, 2),
    ("words.jsonld", context(t="u", u="t").replace("@context", r"\u0040\u0063ontex\u0074"), VocabularyTooLarge, 2),
    ("words.jsonld", '{\n"@context": {"a": b}}', VocabularySyntaxError, 2),
]
HUGE = "x" * (2**24 + 1)


@pytest.mark.parametrize(("file", "text", "kind", "line"), REFUSED)
def test_errors_name_file_and_line(
    file: str, text: str | bytes, kind: type[VocabularyFileError], line: int | None
) -> None:
    with pytest.raises(kind) as caught:
        parse_vocabulary(text if isinstance(text, bytes) else text.encode(), file)
    assert (caught.value.file, type(caught.value)) == (file, kind)
    if line is not None:
        assert caught.value.line == line
        assert str(caught.value).startswith(f"{file}:{line}: ")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("words.ttl", f'\n<a:b> <a:c> "{HUGE}" .'),
        ("words.ttl", f"\n<a:b> <a:c> <a:{HUGE}> ."),
        ("words.nt", f'\n<a:b> <a:c> "d"@{HUGE} .'),
        ("words.jsonld", f'{{"@id": "a:b",\n"a:c": "{HUGE}"}}'),
    ],
    ids=["text", "IRI", "language", "JSON-LD"],
)
def test_what_the_parser_cannot_hold_is_refused(file: str, text: str) -> None:
    with pytest.raises(VocabularyTooLarge) as caught:
        parse_vocabulary(text.encode(), file)
    assert str(caught.value) == f"{file}:2: a text, IRI or language of more than 16 MiB: shorten it"


def test_many_brackets_beside_each_other_are_no_depth() -> None:
    line = 'id:c%d skos:altLabel "({[" , """[["[""" , \'[\' ; skos:note [ id:n (<a:b(> 1) ] . # ((\n'
    lines = "".join(line % number for number in range(300))
    assert len(turtle(lines).concepts) == 300


def test_terms_of_a_context_may_build_on_each_other() -> None:
    terms: dict[str, object] = {f"t{number}": f"t{number + 1}:" for number in range(19)}
    terms |= {"t19": "http://www.w3.org/2004/02/skos/core#", "http": "http://x.example/http#", "id": "@id"}
    terms |= {"label": {"@id": "t0:prefLabel", "@language": "en"}, "t0:altLabel": {"@id": "t0:altLabel"}}
    data = {"@context": [terms, {"@vocab": "https://x.example/"}], "id": "https://x.example/a", "label": "leave"}
    concepts = parse_vocabulary(json.dumps(data).encode(), "words.jsonld").concepts
    assert concepts["https://x.example/a"].pref_label == (Label("leave", "en"),)


def test_limits(tmp_path: Path) -> None:
    file = write(tmp_path, people=PEOPLE) / "people.ttl"
    with pytest.raises(VocabularyTooLarge, match="larger than 100 bytes"):
        read_vocabulary([file], limits=Limits(file_bytes=100))
    with pytest.raises(VocabularyTooLarge, match="more than 2 statements"):
        read_vocabulary([file], limits=Limits(statements=2))
    with pytest.raises(VocabularyTooLarge, match="more than 100 characters with IRIs"):
        read_vocabulary([file], limits=Limits(chars=100))
    with pytest.raises(VocabularyFileError, match="cannot be read"):
        read_vocabulary([tmp_path / "absent.ttl"])


def test_what_is_a_concept() -> None:
    vocabulary = turtle("""id:typed a skos:Concept .
        id:related skos:related id:mentioned . id:labelled skos:altLabel "x" .
        id:top skos:topConceptOf id:scheme .
        id:scheme a skos:ConceptScheme ; skos:prefLabel "S" ; skos:hasTopConcept id:t .
        id:page dct:isReplacedBy id:other . id:org a <https://x.example/Org> ; skos:prefLabel "Org" .""")
    assert {iri.rsplit("/", 1)[1] for iri in vocabulary.concepts} == {"typed", "related", "labelled", "top", "t"}
    assert vocabulary.concepts["https://x.example/id/typed"].in_scheme == ("https://x.example/id/scheme",)
    assert vocabulary.concepts["https://x.example/id/labelled"].in_scheme == ()
    assert list(vocabulary.schemes) == ["https://x.example/id/scheme"]


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.mark.parametrize(
    "inside",
    [
        "<skos:prefLabel>{}</skos:prefLabel>",
        "<skos:prefLabel><![CDATA[{}]]></skos:prefLabel>",
        '<skos:related rdf:resource="http://x/{}"/>',
        '<skos:note rdf:parseType="Literal"><b>{}</b></skos:note>',
    ],
)
def test_a_text_of_xml_is_refused_before_the_parser_behind_reads_it(inside: str, tmp_path: Path) -> None:
    """That one takes minutes for 50 million characters, and ends by the limit of the test."""
    made = inside.format("x" * 50_000_000)
    spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#"'
    data = f'<rdf:RDF {spaces}>\n<skos:Concept rdf:about="http://x/a">{made}</skos:Concept></rdf:RDF>'
    (tmp_path / "a.rdf").write_text(data, "utf-8")
    with pytest.raises(VocabularyTooLarge, match="a text of more than 100,000 characters") as caught:
        read_vocabulary([tmp_path / "a.rdf"])
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("root", "inside"),
    [
        ("", " ".join(f'v:p{number}="v"' for number in range(501))),
        ("", " ".join(f'xmlns:n{number}="urn:n"' for number in range(501))),
        (
            " ".join(f'xmlns:n{number}="urn:n"' for number in range(300)),
            " ".join(f'xmlns:m{n}="urn:n"' for n in range(300)),
        ),
    ],
)
def test_more_attributes_or_namespaces_than_anybody_needs_are_refused(root: str, inside: str) -> None:
    data = f'<r:RDF xmlns:r="{RDF}" xmlns:v="urn:v:" {root}>\n<r:Description r:about="urn:a" {inside}/></r:RDF>'
    with pytest.raises(VocabularyTooLarge, match="500 attributes or namespaces") as caught:
        parse_vocabulary(data.encode(), "words.rdf")
    assert caught.value.line == 2


def test_an_xml_literal_that_would_repeat_its_namespaces_is_refused_before_it_is_written_out() -> None:
    spaces = " ".join(f'xmlns:n{number}="urn:{"x" * 80}"' for number in range(400))
    literal = f'<v:p r:parseType="Literal">{"<b/>" * 5}</v:p>'
    data = f'<r:RDF xmlns:r="{RDF}" xmlns:v="urn:v:" {spaces}><r:Description r:about="urn:a">{literal}'
    whole = f"{data}</r:Description></r:RDF>".encode()
    with pytest.raises(VocabularyTooLarge, match="text of more than 100,000"):
        parse_vocabulary(whole, "words.rdf")
    assert parse_vocabulary(whole.replace(b"<b/>" * 5, b"<b/>"), "words.rdf").concepts == {}


def test_an_instance_of_a_subclass_is_read_as_what_it_is() -> None:
    text = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        id:Topic rdfs:subClassOf skos:Concept . id:Topic a owl:Class .
        id:leave a id:Topic ; skos:prefLabel "leave"@en . id:thing a id:Thing ; skos:prefLabel "thing"@en ."""
    vocabulary = parse_vocabulary((PREFIXES + text).encode(), "a.ttl")
    assert list(vocabulary.concepts) == ["https://x.example/id/leave"]
