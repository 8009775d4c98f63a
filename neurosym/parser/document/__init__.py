"""Whole stories to formulas by a language model: one line of logic a sentence, read together.

Knows the parser's output types and the text syntax of formulas; torch, transformers, peft and xgrammar
are loaded by the modules that run a model, and only there.
"""
