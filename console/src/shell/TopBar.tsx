import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { useNavigate } from "react-router-dom";
import { paths } from "../paths";
import { signOut } from "../session/session";
import { useIdentity } from "../session/useSession";
import { SearchBox } from "./SearchBox";
import { chooseTheme, type Theme, useTheme } from "./theme";

const THEMES: { id: Theme; text: string }[] = [
  { id: "system", text: "System default" },
  { id: "light", text: "Light" },
  { id: "dark", text: "Dark" },
];

export function TopBar() {
  const navigate = useNavigate();
  const { accountId, accountAlias, userName } = useIdentity();
  const theme = useTheme();
  const name = userName ?? "Root user";

  const themeMenu: TopNavigationProps.Utility = {
    type: "menu-dropdown",
    iconName: "settings",
    ariaLabel: "Appearance",
    title: "Appearance",
    items: THEMES.map(({ id, text }) => ({
      id,
      text,
      itemType: "checkbox" as const,
      checked: theme === id,
    })),
    onItemClick: ({ detail }) => chooseTheme(detail.id as Theme),
  };
  const accountMenu: TopNavigationProps.Utility = {
    type: "menu-dropdown",
    text: `${name} @ ${accountAlias ?? accountId}`,
    description: `Account ID: ${accountId}${accountAlias === null ? "" : ` (${accountAlias})`}`,
    iconName: "user-profile",
    items: [
      { id: "credentials", text: "Security credentials", href: paths.myCredentials },
      { id: "sign-out", text: "Sign out" },
    ],
    onItemFollow: (event) => {
      event.preventDefault();
      void navigate(event.detail.href!);
    },
    onItemClick: ({ detail }) => {
      if (detail.id === "sign-out") void signOut();
    },
  };
  return (
    <TopNavigation
      identity={{
        href: paths.home,
        logo: { src: "/assets/wordmark.svg", alt: "Keywright console home" },
        onFollow: (event) => {
          event.preventDefault();
          void navigate(paths.home);
        },
      }}
      search={<SearchBox />}
      utilities={[themeMenu, accountMenu]}
    />
  );
}
