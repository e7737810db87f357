/** A function that is called often and run seldom. */
export interface Throttled {
  (): void;
  /** Runs nothing more. */
  end(): void;
}

/** Makes a function that runs `run` at once, and where it is called again within `milliseconds`, once more after them. */
export function atMostEvery(milliseconds: number, run: () => void): Throttled {
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  let ended = false;
  const call = (): void => {
    if (ended) return;
    if (timer) {
      again = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = null;
      if (!again) return;
      again = false;
      call();
    }, milliseconds).unref();
  };
  const end = (): void => {
    ended = true;
    if (timer) clearTimeout(timer);
  };
  return Object.assign(call, { end });
}
