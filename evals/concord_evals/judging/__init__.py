"""Metrics of ragas, in a process of their own: those without a model, with embeddings, and with a judge.

`process` starts the `worker` and reads its results; `adapter` is the only module that imports ragas; `judge` asks a
language model and checks what it replies.
"""
