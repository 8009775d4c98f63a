"""Common misspellings of words of construction, and what they stand for.

A closed list: the generator writes them, and whoever asks what a reading leaves out takes them for
the words they stand for.  Content words are never corrected, since a predicate is named as written.
"""

from __future__ import annotations

MISSPELLED: dict[str, str] = {
    "teh": "the", "hte": "the", "adn": "and", "annd": "and",
    "fi": "if", "thn": "then", "tehn": "then", "thne": "then", "whne": "when",
    "wehn": "when", "whn": "when", "wenever": "whenever", "whenver": "whenever", "unles": "unless",
    "unlesss": "unless", "eveyone": "everyone", "evryone": "everyone", "everone": "everyone",
    "everbody": "everybody", "evrybody": "everybody", "everthing": "everything", "evrything": "everything",
    "evry": "every", "eevry": "every", "evrey": "every", "eahc": "each", "eech": "each",
    "alll": "all", "smoe": "some", "som": "some", "somone": "someone",
    "someon": "someone", "smoeone": "someone", "somthing": "something", "someting": "something",
    "somthin": "something", "sombody": "somebody", "anyting": "anything", "anythin": "anything",
    "anyon": "anyone", "anybdy": "anybody", "noone": "nobody", "nobdy": "nobody", "noboby": "nobody",
    "nothin": "nothing", "notthing": "nothing", "nohting": "nothing", "thier": "their", "theri": "their",
    "thye": "they", "tehy": "they", "htey": "they", "wich": "which", "whcih": "which",
    "whihc": "which", "waht": "what", "hwat": "what", "whta": "what", "woh": "who", "whoo": "who",
    "thta": "that", "taht": "that", "htat": "that", "tath": "that", "thsi": "this", "tihs": "this",
    "iz": "is", "aer": "are", "wsa": "was", "wre": "were",
    "weer": "were", "wree": "were", "bene": "been", "bieng": "being", "beign": "being", "beeing": "being",
    "nto": "not", "nott": "not", "neer": "never", "nevr": "never", "neverr": "never",
    "doesnt": "n't", "dosent": "n't", "dont": "n't", "didnt": "n't",
    "isnt": "n't", "arent": "n't", "wasnt": "n't", "werent": "n't", "hasnt": "n't",
    "havent": "n't", "cant": "n't", "wont": "n't", "couldnt": "n't", "shouldnt": "n't",
    "wouldnt": "n't", "deos": "does", "hvae": "have", "ahve": "have",
    "ahs": "has", "thre": "there", "theer": "there", "eihter": "either",
    "eiter": "either", "niether": "neither", "neiter": "neither", "bothh": "both", "btoh": "both",
    "onyl": "only", "olny": "only", "onley": "only", "becuase": "because", "becasue": "because",
    "becase": "because", "whetehr": "whether", "beacuse": "because",
}  # fmt: skip
