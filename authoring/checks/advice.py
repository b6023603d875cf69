"""The rules about writing: none of them stops a build, and together they take as long to hold as all the others."""

from authoring.checks import assessment, claims, names, pictures, reading, words

RULES = (
    *words.RULES, *reading.RULES, *claims.RULES, *names.RULES, *assessment.RULES, *pictures.RULES,
)  # fmt: skip
