/** The parts of `scheme://user:password@host:port/database`. */
export function parseSqlUrl(address: string, defaultPort: string) {
  const { hostname, port, username, password, pathname } = new URL(address);
  return {
    host: hostname,
    port: port || defaultPort,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}

export function sqlUrl(
  scheme: string,
  { host, port, user, password, database }: ReturnType<typeof parseSqlUrl>,
): string {
  const [safeUser, safePassword, safeDatabase] = [user, password, database].map(encodeURIComponent);
  return `${scheme}://${safeUser}:${safePassword}@${host}:${port}/${safeDatabase}`;
}
