import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { signedS3Fetch } from '../aws-signature.ts';
import { defineService, HOST, type ServiceContext } from '../definition.ts';
import { ServiceError } from '../errors.ts';
import { installedFolder, installOnce } from '../install.ts';
import { type Program, requireProgram } from '../programs.ts';
import { runCommand } from '../run-command.ts';
import { versions } from '../versions.ts';

const FOLDER = `versitygw-${versions.versitygw}`;
const GO: Program = { name: 'go', apt: 'golang', brew: 'go', directories: ['/usr/local/go/bin'] };
const TMPFS = 0x01021994;

type Context = ServiceContext<'access' | 'secret' | 'region'>;

export const s3 = defineService({
  description: 'versitygw (S3) over a directory',
  version: versions.versitygw,
  options: { access: 'testkey', secret: 'testsecret', region: 'us-east-1', bucket: 'test', sidecar: '' },
  address: 'S3_ENDPOINT',
  ports: () => [0],
  installation: () => installedFolder(FOLDER),
  install: async () => {
    const requireGo = () => requireProgram(GO);
    await installOnce(FOLDER, requireGo, async (directory) => {
      const program = `github.com/versity/versitygw/cmd/versitygw@v${versions.versitygw}`;
      await runCommand(requireGo(), ['install', '-trimpath', '-ldflags=-s -w', program], {
        env: { GOBIN: directory, CGO_ENABLED: '0' },
      });
    });
  },
  prepare: async ({ directory, port, options: { access, secret, region, sidecar } }) => {
    const data = join(directory, 'data');
    const metadata = join(directory, 'metadata');
    await mkdir(data);
    await mkdir(metadata);
    // Metadata lives in extended attributes, which tmpfs does not have.
    const needsSidecar = sidecar === '1' || (process.platform === 'linux' && (await statfs(data)).type === TMPFS);
    const server = ['--access', access, '--secret', secret, '--port', `${HOST}:${port}`, '--region', region, '--quiet'];
    const store = ['posix', ...(needsSidecar ? ['--sidecar', metadata] : []), data];
    return [{ name: 's3', command: [join(installedFolder(FOLDER) ?? '', 'versitygw'), ...server, ...store] }];
  },
  ready: async (context) => (await request(context, 'GET', '/')) === 200,
  afterStart: async (context) => {
    const { bucket } = context.options;
    if (bucket === '') return;
    const status = await request(context, 'PUT', `/${bucket}`);
    if (status !== 200)
      throw new ServiceError('SERVICE_FAILED', `s3: the bucket ${bucket} could not be made (status ${status})`);
  },
  env: ({ port, options: { region, bucket, access, secret } }) => ({
    S3_ENDPOINT: `http://${HOST}:${port}`,
    S3_REGION: region,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY: access,
    S3_SECRET_KEY: secret,
  }),
});

async function request({ port, options }: Context, method: string, path: string): Promise<number> {
  const credentials = { accessKey: options.access, secretKey: options.secret, region: options.region };
  const response = await signedS3Fetch(`http://${HOST}:${port}${path}`, { method }, credentials);
  await response.arrayBuffer();
  return response.status;
}
