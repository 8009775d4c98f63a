"""Pairs of made-up captions with the label that holds by construction, to train the entailment classifier on.

    words     what captions speak of: common, decent words of WordNet, in two splits
    english   captions as small trees, and how they are said and denied
    pairs     premise and hypothesis grown from one tree, so that the label is known

`python -m neurosym.captions --out FOLDER` writes train.tsv and test.tsv, the same for the same seed.
Knows WordNet's reader and English inflection.  Must not know any data set of sentences.
"""

from neurosym.captions.pairs import LABELS, Maker, Pair
from neurosym.captions.words import Words, split_of, words_of

__all__ = ["LABELS", "Maker", "Pair", "Words", "split_of", "words_of"]
