// Counts the messages of its parent, and tells the count when asked: what a bare channel carries.
let count = 0;
process.on('message', (message) => {
  if (message.type === 'event') count++;
  else process.send(count);
});
process.on('disconnect', () => process.exit());
