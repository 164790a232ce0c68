"""Items as RDF: a Turtle document in the terms of DCAT, DCTERMS, PROV, ADMS and SKOS."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from concord_taxonomy.standard.item import Activity, ContentItem, Derivation
from concord_taxonomy.standard.terms import CONCORD, PREFIXES, TERMS

BASE = "urn:concord:item:"
"""Namespace of items where no other is given; names, not addresses."""

_WORDS = {"status": "status", "access_rights": "access-rights", "authority_tier": "tier"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_turtle(items: Iterable[ContentItem], *, base: str = BASE, readers: bool = False) -> str:
    """Return items as Turtle: the same items give the same text, whatever their order.

    `base` begins the IRI of every item (its identifier follows, percent-encoded). Who may read an item is left out
    unless `readers` asks for it: a published catalogue is no place for it.
    """
    chosen = sorted(items, key=lambda item: (item.identifier, item.revision))
    blocks = ["\n".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(PREFIXES.items()))]
    blocks.extend(_item(item, base, readers) for item in chosen)
    blocks.extend(_concepts(chosen))
    return "\n\n".join(blocks) + "\n"


def _item(item: ContentItem, base: str, readers: bool) -> str:
    facts = ["a dcat:Resource, foaf:Document"]
    for name, term in TERMS.items():
        value = getattr(item, name)
        if value is None or value == () or value == {} or (name == "readers" and not readers):
            continue
        objects = _OBJECTS.get(name, _literals)(name, value, item, base)
        facts.append(f"{term} {', '.join(objects)}")
    return " ".join([_item_iri(item.identifier, base), " ;\n    ".join(facts), "."])


_Objects = Callable[[str, Any, ContentItem, str], list[str]]


def _literals(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    return [_literal(part) for part in (value if isinstance(value, tuple) else (value,))]


def _in_language(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    tag = f"@{item.language}" if item.language else ""
    return [_literal(part) + tag for part in (value if isinstance(value, tuple) else (value,))]


def _iris(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    """IRIs where the values are some, literals where they are not: a wrong link is still a fact."""
    return [_iri(part) or _literal(part) for part in (value if isinstance(value, tuple) else (value,))]


def _links(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    return [_item_iri(identifier, base) for identifier in value]


def _source(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    return [f"<urn:concord:source:{quote(value, safe='')}>"]


def _word(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    return [_word_iri(name, value)]


def _agent(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    return [f"[ a foaf:Agent ; foaf:name {_literal(value)} ]"]


def _contact(name: str, value: Any, item: ContentItem, base: str) -> list[str]:
    return [f"[ a vcard:Kind ; vcard:fn {_literal(value)} ]"]


def _derivation(name: str, value: Derivation, item: ContentItem, base: str) -> list[str]:
    version = f" ; dcat:version {_literal(value.version)}" if value.version else ""
    return [f"[ a prov:Entity ; dcterms:identifier {_literal(value.native_id)}{version} ]"]


def _activity(name: str, value: Activity, item: ContentItem, base: str) -> list[str]:
    mapping = f" ; concord:mapping {_literal(value.mapping)}" if value.mapping else ""
    return [f"[ a prov:Activity ; concord:connector {_literal(value.connector)}{mapping} ]"]


def _checksum(name: str, value: str, item: ContentItem, base: str) -> list[str]:
    return [f"[ a spdx:Checksum ; spdx:checksumValue {_literal(value)} ]"]


def _origins(name: str, value: dict[str, str], item: ContentItem, base: str) -> list[str]:
    return [
        f"[ concord:field {_literal(field)} ; concord:origin {_literal(str(origin))} ]"
        for field, origin in sorted(value.items())
    ]


_OBJECTS: dict[str, _Objects] = {
    "source": _source,
    "landing_page": _iris,
    "title": _in_language,
    "description": _in_language,
    "keyword": _in_language,
    "was_derived_from": _derivation,
    "generated_by": _activity,
    "checksum": _checksum,
    "field_origin": _origins,
    "creator": _agent,
    "publisher": _agent,
    "contact_point": _contact,
    "status": _word,
    "replaces": _links,
    "is_replaced_by": _links,
    "access_rights": _word,
    "license": _iris,
    "conforms_to": _iris,
    "subject": _iris,
    "authority_tier": _word,
}


def _concepts(items: Iterable[ContentItem]) -> list[str]:
    """The words that items use (statuses, classifications, tiers) as SKOS concepts, so that they can be looked up."""
    used = sorted({(name, str(getattr(item, name))) for item in items for name in _WORDS if getattr(item, name)})
    return [
        f"{_word_iri(name, word)} a skos:Concept ;\n    skos:inScheme <{CONCORD}{_WORDS[name]}> ;\n"
        f"    skos:prefLabel {_literal(word.replace('_', ' '))}@en ."
        for name, word in used
    ]


def _word_iri(name: str, word: str) -> str:
    return f"<{CONCORD}{_WORDS[name]}:{str(word).replace('_', '-')}>"


def _item_iri(identifier: str, base: str) -> str:
    return f"<{base}{quote(identifier, safe='/-._~!$()*,;=:@')}>"


def _iri(value: str) -> str | None:
    from pyoxigraph import NamedNode  # checks what an IRI is as strictly as any reader of the document will

    try:
        NamedNode(value)
    except ValueError:
        return None
    return f"<{value}>" if not set(value) & set('<>"{}|^`\\') else None


def _literal(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime():
            return f'"{value.isoformat()}"^^xsd:dateTime'
        case date():
            return f'"{value.isoformat()}"^^xsd:date'
        case _:
            return f'"{"".join(_escaped(character) for character in str(value))}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    # Control characters may not stand in Turtle as they are; other line separators only confuse people's tools.
    return f"\\u{ord(character):04X}" if ord(character) < 32 or character in "\x7f\x85\u2028\u2029" else character
