import Autosuggest, { type AutosuggestProps } from "@cloudscape-design/components/autosuggest";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router-dom";
import { type FoundGroup, searchAccount, searchPlaces } from "./search";

const WAIT_MS = 200;

/** The search of the top bar: services, pages, and what the account has. */
export function SearchBox() {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [found, setFound] = useState<FoundGroup[]>(() => searchPlaces(""));
  const [isSearching, setSearching] = useState(false);
  const asked = useRef("");

  useEffect(() => {
    asked.current = text;
    const places = searchPlaces(text);
    setFound(places);
    if (text.trim().length < 2) return undefined;
    const timer = setTimeout(async () => {
      setSearching(true);
      const more = await searchAccount(text);
      if (asked.current !== text) return;
      setFound([...places, ...more]);
      setSearching(false);
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const go = ({ detail }: { detail: AutosuggestProps.SelectDetail }) => {
    const target = detail.value.startsWith("/console") ? detail.value : found[0]?.options[0]?.value;
    if (target === undefined) return;
    setText("");
    void navigate(target);
  };

  return (
    <Autosuggest
      value={text}
      onChange={({ detail }) => {
        if (!detail.value.startsWith("/console")) setText(detail.value);
      }}
      onSelect={go}
      options={found}
      filteringType="manual"
      statusType={isSearching ? "loading" : "finished"}
      loadingText="Searching users, roles, policies and keys"
      empty="Nothing has this name"
      placeholder="Search services, pages, users, keys"
      ariaLabel="Search"
      enteredTextLabel={(value) => `Go to the first match of "${value}"`}
    />
  );
}
