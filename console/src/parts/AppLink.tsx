import Link, { type LinkProps } from "@cloudscape-design/components/link";
import { useNavigate } from "react-router-dom";

/** A link within the console, which loads no new document. */
export function AppLink(props: LinkProps & { href: string }) {
  const navigate = useNavigate();
  return (
    <Link
      {...props}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(props.href);
      }}
    />
  );
}
