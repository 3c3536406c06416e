import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { Compartment, EditorState, type Extension, Transaction } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { type RefObject, useEffect, useRef } from "react";
import type { PolicyFinding } from "../api/policyChecks";
import { useIsDark } from "../shell/theme";
import { editorTheme } from "./editorTheme";

interface JsonEditorProps {
  label: string;
  value: string;
  onChange: ((text: string) => void) | undefined;
  check: ((text: string) => Promise<PolicyFinding[]>) | undefined;
}

const CHECK_AFTER_MS = 400;
const SEVERITY = { error: "error", security: "warning", warning: "warning", suggestion: "info" } as const;

/**
 * A JSON editor, in a shadow root.
 *
 * There its styles are constructed sheets, which the page's `style-src 'self'` allows; in the document they would be
 * `<style>` elements, which it does not.
 */
export function JsonEditor({ label, value, onChange, check }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const theme = useRef(new Compartment());
  const mode = useRef(new Compartment());
  /** What was typed and has not come back as the value yet. */
  const told = useRef<string[]>([]);
  const handlers = useRef({ onChange, check });
  handlers.current = { onChange, check };
  const isDark = useIsDark();
  const isReadOnly = onChange === undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; the effects below bring it what changes
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          bracketMatching(),
          indentOnInput(),
          indentUnit.of("  "),
          json(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          mode.current.of(modeOf(isReadOnly, handlers)),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          theme.current.of(editorTheme(isDark)),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((one) => one.annotation(Transaction.remote))) return;
            const text = update.state.doc.toString();
            told.current.push(text);
            handlers.current.onChange?.(text);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The editor keeps its own text; what comes from outside is put in below.
  }, [label]);

  useEffect(() => {
    view.current?.dispatch({ effects: mode.current.reconfigure(modeOf(isReadOnly, handlers)) });
  }, [isReadOnly]);

  useEffect(() => {
    const editor = view.current;
    const known = told.current.indexOf(value);
    // What comes back late is what was typed a moment ago: it must not undo what was typed since.
    told.current = known < 0 ? [] : told.current.slice(known + 1);
    if (known >= 0 || editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      annotations: Transaction.remote.of(true),
    });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: theme.current.reconfigure(editorTheme(isDark)) });
  }, [isDark]);

  return <div ref={host} className="json-editor" />;
}

/** Reading, or writing: then it is checked as one types, and Tab indents. Escape and then Tab leaves the editor. */
function modeOf(isReadOnly: boolean, handlers: RefObject<Pick<JsonEditorProps, "check">>): Extension {
  if (isReadOnly) return EditorState.readOnly.of(true);
  return [
    keymap.of([indentWithTab]),
    linter((current) => diagnose(current, handlers.current.check), { delay: CHECK_AFTER_MS }),
  ];
}

async function diagnose(view: EditorView, check: JsonEditorProps["check"]) {
  if (check === undefined) return [];
  const text = view.state.doc.toString();
  const findings = await check(text);
  const clamp = (offset: number) => Math.min(Math.max(offset, 0), text.length);
  return findings.map(({ kind, text: message, from, to }) => ({
    from: clamp(from),
    to: Math.max(clamp(from), clamp(to)),
    severity: SEVERITY[kind],
    message,
  }));
}
