"""A pronoun is replaced where it means what was asked about before, and left where it means nothing or another."""

import pytest

from concord.answering.followups import standing_alone

REPLACED = [
    ("What's the annual leave?", "Who approves it?", "Who approves the annual leave?"),
    ("Where’s the canteen?", "When does it open?", "When does the canteen open?"),
    ("When's the performance review?", "Who runs it?", "Who runs the performance review?"),
    ("How's overtime paid?", "Is it taxed?", "Is overtime taxed?"),
    (
        "What is the security training?",
        "Is it mandatory for interns?",
        "Is the security training mandatory for interns?",
    ),
    (
        "What is the security training?",
        "Does it have to be repeated?",
        "Does the security training have to be repeated?",
    ),
    ("What is the security training?", "Does it apply to interns?", "Does the security training apply to interns?"),
    ("What is the security training?", "Where do I find it?", "Where do I find the security training?"),
    ("What is the security training?", "How long does it take?", "How long does the security training take?"),
    (
        "How do I reset my VPN password?",
        "How often do I have to change it?",
        "How often do I have to change my VPN password?",
    ),
    ("How high is the training budget?", "Is that per year?", "Is the training budget per year?"),
    ("How high is the training budget?", "Who pays for that?", "Who pays for the training budget?"),
    ("Can I work from abroad?", "Do I need approval for that?", "Do I need approval to work from abroad?"),
    ("May I take my dog to work?", "Do I have to do that?", "Do I have to take my dog to work?"),
    (
        "How many days of annual leave do employees get?",
        "Can I carry them over?",
        "Can I carry days of annual leave over?",
    ),
    ("How many unused days may I keep?", "Do they expire?", "Do unused days expire?"),
    ("How many sick days do contractors get?", "Whom do I tell them?", "Whom do I tell contractors?"),
    ("How many sick days do contractors get?", "What are their hours?", "What are contractors’ hours?"),
    ("What are the health plans?", "Do they cover dentists?", "Do the health plans cover dentists?"),
    ("What are the health plans?", "Do they have to be renewed?", "Do the health plans have to be renewed?"),
    ("How many sick days do contractors get?", "Do they have to call?", "Do contractors have to call?"),
    ("Which supplier delivers the laptops?", "How are they ordered?", "How are the laptops ordered?"),
    ("Is there a bike subsidy?", "How do I get one?", "How do I get a bike subsidy?"),
    ("Is there a canteen in Munich?", "What can I eat there?", "What can I eat in Munich?"),
]
STAND_ALONE = """
    When do I get it in writing that my contract ends?
    Who finds it hard to log in?
    Does it matter which form I use?
    Can I leave it to my manager to book travel?
    How long does it take to get a badge?
    How long has it been since the merger?
    Is it possible to work abroad?
    Contractors: how are they paid?
    Is it OK to wear shorts in the office?
    Is it okay if I leave early?
    Is it worth buying a rail card?
    Is it dangerous working alone at night?
    Is it forbidden for contractors to park here?
    Is it true that payroll has moved?
    Is it my manager who approves vacation?
    Is it me or is the VPN slow?
    Is it Monday or Tuesday that payroll closes?
    Is it a problem if my receipt is in French?
    Is it up to my manager to decide?
    Why is it necessary that passwords are changed?
    When it's necessary that a contract is signed, who signs?
    What does it cost to park?
    What does it take to become a manager?
    What does it mean when a badge blinks red?
    How does it work to claim mileage for a private car?
    How much is it for a parking permit?
    How is it that invoices are late?
    How is it decided who gets a car?
    How is it going?
    How far is it from the airport to the Vienna office?
    What happens if I can't make it to the office?
    When does it make sense to join the pension scheme?
    When it comes to travel, who decides?
    Who takes it upon themselves to water the plants?
    What time is it in the Tokyo office?
    Can I go home if it is too hot?
    Does the office close when it snows?
    Is it raining in Berlin?
    Do I report it when a customer gives me a present?
    Do I report it if I lose my badge?
    If a laptop is stolen, who replaces it?
    If they leave early, do contractors get paid?
    Where does it say that overtime is paid?
    Why does it say "pending" on my claim?
    Do I have what it takes to be a manager?
    What is that big red button in the lobby for?
    Is that person in reception the right one to ask?
    Is that right?
    What does that mean when a badge blinks red?
    Are those who travel insured?
    Which is the cheaper one?
    Which of the two insurance plans is the cheaper one?
    Can one employee hold two company cards?
    Who's there?
    How do I get from the airport to the Hamburg office?
    Does the Berlin office have a gym and who can train there?
    Do interns get the same laptop as managers?
    Does the same rule apply to all offices?
    Are they hiring?
    What do they serve in the canteen?
    Why do they close the canteen at two?
    Do they say when payday is?
    What did they change in the travel policy?
    When do they pay salaries?
    Where do they keep the keys to the lobby?
    Are they allowed to read my mail?
    Have they fixed the lift?
    Will they cover the cost of a taxi?
    Who is allowed in there?
    Are you there?
    Can you say it again?
    Is it cheaper by train or by plane?
    Who told them that parking is free?
    Must contractors return their badges when they leave?
    Does their opinion count when parents ask for leave?
""".strip().splitlines()


@pytest.mark.parametrize(("before", "question", "asked"), REPLACED)
def test_a_pronoun_means_what_was_asked_about(before, question, asked):
    assert standing_alone(question, [before]) == asked


@pytest.mark.parametrize("question", [line.strip() for line in STAND_ALONE])
@pytest.mark.parametrize(
    "before",
    [
        "What's the annual leave?",
        "How many days of annual leave do employees get in Berlin?",
        "What are the expense limits?",
        "Can I use the VPN from abroad?",
    ],
)
def test_a_pronoun_that_means_nothing_before_it_is_left(question, before):
    assert standing_alone(question, [before]) == question
