interface Page {
  IsTruncated?: boolean | undefined;
  Marker?: string | undefined;
}

/** Ask for page after page, and give all that is on them. */
export async function everyPage<P extends Page, T>(
  ask: (marker: string | undefined) => Promise<P>,
  items: (page: P) => T[] | undefined,
): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const page = await ask(marker);
    all.push(...(items(page) ?? []));
    marker = page.IsTruncated ? page.Marker : undefined;
  } while (marker !== undefined);
  return all;
}
