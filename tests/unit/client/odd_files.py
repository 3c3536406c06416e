"""AWS files as people have them: comments, odd indents, odd line ends, nested options, quoted headers."""

from __future__ import annotations

from hypothesis import strategies as st

_WORD = st.text("abkxyz019_-", min_size=1, max_size=6)
_VALUE = st.one_of(
    st.just(""),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=12),
    st.sampled_from(["AKIA1 # note", '"quoted"', "a=b", "a:b", "[x]", "http://h:1/"]),
)
_INDENT = st.sampled_from(["", "", "", " ", "  ", "\t"])
_DELIMITER = st.sampled_from([" = ", "=", " =", ":", " : "])
_OPTION = st.builds("{}{}{}{}".format, _INDENT, _WORD, _DELIMITER, _VALUE)
_COMMENT = st.builds("{}{}{}".format, _INDENT, st.sampled_from("#;"), _VALUE)
_NESTED = st.builds("{} =\n  {} = {}".format, _WORD, _WORD, _WORD)
HEADERS = st.one_of(
    st.sampled_from(
        ["default", "profile a", 'profile "a"', "a", "profile kw", "kw", " kw ", "sso-session s", "DEFAULT"]
    ),
    _WORD,
)
_SECTION = st.builds(
    lambda indent, header, after, body: "\n".join([f"{indent}[{header}]{after}", *body]),
    _INDENT,
    HEADERS,
    st.sampled_from(["", "", " # note"]),
    st.lists(st.one_of(_OPTION, _OPTION, _NESTED, _COMMENT, st.just("")), max_size=5),
)


@st.composite
def odd_texts(draw: st.DrawFn) -> str:
    """Draw a file's text; some are what no tool can read."""
    text = "\n".join(draw(st.lists(st.one_of(_SECTION, _SECTION, _SECTION, _COMMENT, st.just("")), max_size=5)))
    if draw(st.booleans()):
        text += "\n"
    if draw(st.integers(0, 3)) == 0:
        text = text.replace("\n", "\r\n")
    return text
