import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** Sends a request to an S3 server, signed with version 4 of AWS's scheme, the body unsigned. */
export function signedS3Fetch(url: string, init: RequestInit, credentials: AwsCredentials): Promise<Response> {
  const { accessKey, secretKey, region } = credentials;
  const { host, pathname, searchParams } = new URL(url);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const signed = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-date': time };
  const names = Object.keys(signed).join(';');
  searchParams.sort();
  const headerLines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const request = [
    init.method ?? 'GET',
    pathname,
    searchParams.toString(),
    headerLines.join(''),
    names,
    'UNSIGNED-PAYLOAD',
  ];

  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(request.join('\n')).digest('hex')].join(
    '\n',
  );
  const hmac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${hmac(key, text).toString('hex')}`;
  const headers = { ...signed, authorization };
  return fetch(url, { signal: AbortSignal.timeout(5_000), ...init, headers });
}
