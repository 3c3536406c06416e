import { createContext, type ReactNode, useContext, useEffect } from "react";

export interface Crumb {
  text: string;
  href: string;
}

/** What a page tells the shell of itself. */
export interface PageInfo {
  title: string;
  crumbs: Crumb[];
  help: ReactNode;
  /** Forms and wizards have less width, and no need of the navigation. */
  contentType: "default" | "form" | "table" | "wizard";
}

export interface ShellControls {
  show: (page: PageInfo) => void;
  openHelp: () => void;
}

export const ShellContext = createContext<ShellControls>({ show: () => undefined, openHelp: () => undefined });

export function usePage(page: PageInfo): ShellControls {
  const shell = useContext(ShellContext);
  const key = `${page.title}\n${page.crumbs.map(({ href }) => href).join("\n")}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether the page is another
  useEffect(() => {
    shell.show(page);
    document.title = `${page.title} | Keywright`;
    // The page's words are the same as long as its title and its place are.
  }, [key, shell]);
  return shell;
}
