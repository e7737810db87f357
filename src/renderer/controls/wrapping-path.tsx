import { Fragment } from 'react';
import { inWrittenOrder } from '../../shared/texts/direction';

/** A path that wraps between its folders, which stay in their order in whatever direction their names are read. */
export function WrappingPath({ path }: { path: string }) {
  return path.split(/(?<=[/\\])/).map((part, index) => {
    const [, name, slash] = /^(.*?)([/\\]?)$/s.exec(part)!;
    return (
      // Parts may be equal; only their index tells them apart.
      // oxlint-disable-next-line react/no-array-index-key
      <Fragment key={index}>
        <bdi>{inWrittenOrder(name!)}</bdi>
        {slash}
        <wbr />
      </Fragment>
    );
  });
}
