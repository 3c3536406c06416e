import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

interface Palette {
  background: string;
  gutter: string;
  text: string;
  dim: string;
  border: string;
  selection: string;
  name: string;
  string: string;
  number: string;
}

const LIGHT: Palette = {
  background: "#ffffff",
  gutter: "#f6f6f9",
  text: "#0f141a",
  dim: "#5f6b7a",
  border: "#8c8c94",
  selection: "#cfe4ff",
  name: "#0b5cad",
  string: "#1d6b2f",
  number: "#8a3ffc",
};

const DARK: Palette = {
  background: "#161d26",
  gutter: "#0f141a",
  text: "#ebebf0",
  dim: "#a4a4ad",
  border: "#656871",
  selection: "#23405f",
  name: "#75cfff",
  string: "#8ed98c",
  number: "#d6b3ff",
};

/** The editor's colours; each of them has a contrast of 4.5 and more with what is behind it. */
export function editorTheme(isDark: boolean): Extension {
  const colours = isDark ? DARK : LIGHT;
  return [
    EditorView.theme(
      {
        "&": { color: colours.text, backgroundColor: colours.background, border: `1px solid ${colours.border}`, borderRadius: "8px", fontSize: "13px" },
        "&.cm-focused": { outline: `2px solid ${colours.name}`, outlineOffset: "2px" },
        ".cm-scroller": { fontFamily: "Monaco, Menlo, Consolas, 'Courier Prime', monospace", minHeight: "140px", maxHeight: "55vh", overflow: "auto" },
        ".cm-content": { caretColor: colours.text },
        ".cm-cursor": { borderLeftColor: colours.text },
        ".cm-gutters": { backgroundColor: colours.gutter, color: colours.dim, border: "none", borderRadius: "8px 0 0 8px" },
        "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
          backgroundColor: colours.selection,
        },
        ".cm-tooltip": { backgroundColor: colours.gutter, color: colours.text, border: `1px solid ${colours.border}` },
        ".cm-highlight": { backgroundColor: colours.selection },
      },
      { dark: isDark },
    ),
    syntaxHighlighting(
      HighlightStyle.define([
        { tag: tags.propertyName, color: colours.name },
        { tag: tags.string, color: colours.string },
        { tag: [tags.number, tags.bool, tags.null], color: colours.number },
        { tag: tags.invalid, color: colours.text },
      ]),
    ),
  ];
}
