"""The texts by which a vocabulary names its concepts."""

from concord_taxonomy.naming import naming_texts
from concord_taxonomy.skos import Concept, Label, Vocabulary

ALL, HR = "https://x.org/leave", "https://x.org/hr/pto"
STOPPED, OLD = "https://x.org/staff", "https://x.org/old"


def test_labels_and_definitions_of_departments_stand_for_the_shared_concept():
    vocabulary = Vocabulary.build(
        [
            Concept(ALL, pref_label=(Label("Annual leave", "en"),), definition=(Label("Paid time away.", "en"),)),
            Concept("https://x.org/sick", pref_label=(Label("Sick leave"),), hidden_label=(Label("Annual leave"),)),
            Concept(STOPPED, pref_label=(Label("Staff"),)),
            Concept(OLD, pref_label=(Label("Furlough"),), deprecated=True),
        ],
        stop=[STOPPED],
    )
    assert naming_texts(vocabulary) == {
        "Annual leave": (ALL, "https://x.org/sick"),
        "Paid time away.": (ALL,),
        "Sick leave": ("https://x.org/sick",),
    }
