// node --import: a clock that is OTHER_CLOCK milliseconds ahead; timers are not concerned.
const ahead = Number(process.env['OTHER_CLOCK']);
const now = Date.now.bind(Date);
Date.now = () => now() + ahead;
