import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import { useNavigate } from "react-router-dom";

/** A button that leads to a page of the console. */
export function AppButton(props: ButtonProps & { href: string }) {
  const navigate = useNavigate();
  return (
    <Button
      {...props}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(props.href);
      }}
    />
  );
}
