"""Files with language tags that BCP 47 does not allow are read, and the tags are found."""

import json

import pytest

from concord_taxonomy.quality import check
from concord_taxonomy.quality.languages import fault_of
from concord_taxonomy.skos import NotWritable, VocabularySyntaxError, convert, parse_vocabulary

SKOS = "http://www.w3.org/2004/02/skos/core#"
XML = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="{SKOS}">
<skos:Concept rdf:about="https://x.example/{{iri}}"><skos:prefLabel xml:lang="en">leave</skos:prefLabel>
<skos:altLabel xml:lang="{{tag}}">absence</skos:altLabel>
<skos:altLabel xml:lang="de">Urlaub</skos:altLabel></skos:Concept></rdf:RDF>"""


def xml(tag: str, iri: str = "leave") -> bytes:
    return XML.format(tag=tag, iri=iri).encode()


def jsonld(tag: str) -> bytes:
    labels = [{"@value": "absence", "@language": tag}, {"@value": "Urlaub", "@language": "de"}]
    concept = {"@id": "https://x.example/leave", "@type": f"{SKOS}Concept", f"{SKOS}altLabel": labels}
    return json.dumps(concept).encode()


def found(data: bytes, file: str) -> list[str]:
    names = ("invalid_language_tags", "missing_language_tags")
    return [f"{each.check} {each.detail}" for each in check({file: data}).findings if each.check in names]


@pytest.mark.parametrize(("data", "file"), [(xml, "words.rdf"), (jsonld, "words.jsonld")])
def test_an_empty_language_is_none(data, file) -> None:
    [concept] = parse_vocabulary(data(""), file).concepts.values()
    assert sorted((each.text, each.language) for each in concept.alt_label) == [("Urlaub", "de"), ("absence", "")]
    assert found(data(""), file) == ['missing_language_tags skos:altLabel "absence" names no language']
    assert b"absence" in convert({file: data("")}, "words.ttl")


@pytest.mark.parametrize(("data", "file"), [(xml, "words.rdf"), (jsonld, "words.jsonld")])
@pytest.mark.parametrize("tag", ["en_GB", "e!!", "12", "abcdefghi"])
def test_a_malformed_tag_is_a_finding_and_loses_no_label(data, file, tag) -> None:
    [concept] = parse_vocabulary(data(tag), file).concepts.values()
    assert {each.language for each in concept.alt_label} == {tag.lower(), "de"}
    [finding] = found(data(tag), file)
    assert finding.startswith("invalid_language_tags") and repr(tag.lower()) in finding


def test_a_tag_that_is_too_long_is_a_finding_in_turtle_too() -> None:
    data = f'<https://x.example/leave> a <{SKOS}Concept> ; <{SKOS}prefLabel> "leave"@abcdefghi , "Urlaub"@de .'.encode()
    assert len(found(data, "words.ttl")) == 1
    assert convert({"words.ttl": data}, "words.ttl").count(b'"') == 4


def test_what_turtle_cannot_hold_is_told() -> None:
    with pytest.raises(NotWritable, match="en_gb"):
        convert({"words.rdf": xml("en_GB")}, "words.ttl")
    assert b"en_gb" in convert({"words.rdf": xml("en_GB")}, "out.rdf")


def test_leniency_is_for_languages_alone() -> None:
    with pytest.raises(VocabularySyntaxError) as caught:
        parse_vocabulary(xml("en_GB", "a b"), "words.rdf")
    assert caught.value.line is not None
    both = xml("en_GB").replace(b"</rdf:RDF>", b'<skos:Concept rdf:about="no scheme"/></rdf:RDF>')
    with pytest.raises(VocabularySyntaxError):
        parse_vocabulary(both, "words.rdf")


@pytest.mark.parametrize(
    "tag", ["en", "en-gb", "iw", "x-priv", "i-klingon", "qaa", "en-qz", "zh-yue", "sl-rozaj-biske", "es-419", "en-x-a"]
)
def test_registered_deprecated_and_private_tags_are_valid(tag: str) -> None:
    assert fault_of(tag) == ""


@pytest.mark.parametrize(
    "tag", ["en-uk", "xx", "e", "en_gb", "en-yue", "de-1901-1901", "en-a-bb-a-cc", "en-foobar", "en-", "zz-latn"]
)
def test_others_are_not(tag: str) -> None:
    assert fault_of(tag)


@pytest.mark.parametrize(
    ("name", "data"), [("words.xml", xml("en")), ("words.OWL", xml("en")), ("words.json", jsonld("en"))]
)
def test_other_endings_are_read_where_a_file_is_named(name: str, data: bytes) -> None:
    assert len(parse_vocabulary(data, name).concepts) == 1
