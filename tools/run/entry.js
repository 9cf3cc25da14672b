// Plain JavaScript, so that an old Node gets as far as the message below.
const needed = 24;
const found = process.versions.node;

if (Number(found.split('.')[0]) < needed) {
  console.error(
    `Millrace needs Node ${needed} or newer; this is Node ${found} (${process.execPath}). ` +
      `Run it as: npx -y -p node@${needed} -p pnpm@12 -- pnpm <command>. If you did: 'ignore-scripts=true' in your npmrc ` +
      `keeps the package 'node' from placing its binary (npx --ignore-scripts=false … helps), and Alpine (musl) has no such binary.`,
  );
  process.exit(2);
}

const { main } = await import('./src/main.ts');
process.exitCode = await main(process.argv.slice(2));
