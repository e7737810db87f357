import { Fragment } from 'react';

/** A path that wraps between its folders. */
export function WrappingPath({ path }: { path: string }) {
  return path.split(/(?<=[/\\])/).map((part, index) => (
    // Parts may be equal; only their index tells them apart.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}
