import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import { useLocation, useNavigate } from "react-router-dom";
import { paths } from "../paths";

const IAM: SideNavigationProps.Item[] = [
  { type: "link", text: "Dashboard", href: paths.dashboard },
  {
    type: "section",
    text: "Access management",
    items: [{ type: "link", text: "Users", href: paths.users }],
  },
  {
    type: "section",
    text: "Access reports",
    items: [{ type: "link", text: "Event history", href: paths.events }],
  },
  { type: "divider" },
  { type: "link", text: "My security credentials", href: paths.myCredentials },
];

/** The pages of IAM and CloudTrail, with the one that is open marked. */
export function SideNav() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <SideNavigation
      header={{ text: "Identity and Access Management (IAM)", href: paths.dashboard }}
      items={IAM}
      activeHref={activeHref(pathname)}
      onFollow={(event) => {
        if (event.detail.external) return;
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}

function activeHref(pathname: string): string {
  const hrefs = IAM.flatMap((item) => ("items" in item ? [...item.items] : [item])).flatMap((item) =>
    item.type === "link" ? [item.href] : [],
  );
  const within = hrefs.filter((href) => pathname === href || pathname.startsWith(`${href}/`));
  return within.sort((a, b) => b.length - a.length)[0] ?? pathname;
}
