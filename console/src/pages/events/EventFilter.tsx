import Button from "@cloudscape-design/components/button";
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, useEffect, useState } from "react";
import type { EventQuery } from "../../api/events";
import { ATTRIBUTES } from "./attributes";

interface EventFilterProps {
  query: EventQuery;
  onChange: (query: EventQuery) => void;
}

const ANY = { value: "", label: "All events" };
const TRUE_OR_FALSE = ["true", "false"].map((value) => ({ value, label: value }));
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The choice of events: one attribute, as in CloudTrail, and a time range. */
export function EventFilter({ query, onChange }: EventFilterProps) {
  const [attribute, setAttribute] = useState<string>(query.attribute ?? "");
  const [value, setValue] = useState(query.value ?? "");
  const [range, setRange] = useState<DateRangePickerProps.Value | null>(
    query.start === undefined ? null : { type: "absolute", startDate: query.start.toISOString(), endDate: (query.end ?? new Date()).toISOString() },
  );
  useEffect(() => {
    setAttribute(query.attribute ?? "");
    setValue(query.value ?? "");
  }, [query.attribute, query.value]);
  const chosen = ATTRIBUTES.find((one) => one.value === attribute);

  function apply(nextRange = range, nextValue = value): void {
    onChange({
      ...(chosen !== undefined && nextValue.trim() !== "" && { attribute: chosen.value, value: nextValue.trim() }),
      ...times(nextRange),
    });
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    apply();
  }

  return (
    <form onSubmit={submit}>
      <SpaceBetween direction="horizontal" size="xs">
        <Select
          ariaLabel="Lookup attribute"
          selectedOption={chosen ?? ANY}
          options={[ANY, ...ATTRIBUTES]}
          onChange={({ detail }) => {
            const next = detail.selectedOption.value ?? "";
            setAttribute(next);
            setValue("");
            if (next === "") onChange(times(range));
          }}
        />
        {chosen?.value === "ReadOnly" && (
          <Select
            ariaLabel={chosen.label}
            placeholder={chosen.placeholder}
            selectedOption={TRUE_OR_FALSE.find((one) => one.value === value) ?? null}
            options={TRUE_OR_FALSE}
            onChange={({ detail }) => {
              const next = detail.selectedOption.value ?? "";
              setValue(next);
              apply(range, next);
            }}
          />
        )}
        {chosen !== undefined && chosen.value !== "ReadOnly" && (
          <>
            <Input ariaLabel={chosen.label} value={value} placeholder={chosen.placeholder} onChange={({ detail }) => setValue(detail.value)} type="search" />
            <Button formAction="submit">Look up</Button>
          </>
        )}
        <DateRangePicker
          value={range}
          onChange={({ detail }) => {
            setRange(detail.value);
            apply(detail.value);
          }}
          placeholder="Any time"
          ariaLabel="Time range"
          granularity="day"
          relativeOptions={[
            { key: "30-minutes", amount: 30, unit: "minute", type: "relative" },
            { key: "1-hour", amount: 1, unit: "hour", type: "relative" },
            { key: "12-hours", amount: 12, unit: "hour", type: "relative" },
            { key: "1-day", amount: 1, unit: "day", type: "relative" },
            { key: "7-days", amount: 7, unit: "day", type: "relative" },
          ]}
          isValidRange={(wanted) =>
            wanted?.type === "absolute" && (wanted.startDate === "" || wanted.endDate === "")
              ? { valid: false, errorMessage: "Choose a start and an end." }
              : { valid: true }
          }
        />
      </SpaceBetween>
    </form>
  );
}

function times(range: DateRangePickerProps.Value | null): Pick<EventQuery, "start" | "end"> {
  if (range === null) return {};
  if (range.type === "absolute") return { start: new Date(range.startDate), end: new Date(range.endDate) };
  const unit = UNIT_MS[range.unit as keyof typeof UNIT_MS] ?? UNIT_MS.day;
  return { start: new Date(Date.now() - range.amount * unit) };
}
