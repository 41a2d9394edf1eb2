import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { environment } from '../../src/platform/config/index.ts';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const compose = text('docker-compose.yml');

const Service = z.looseObject({
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
  command: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  networks: z.record(z.string(), z.object({ ipv4_address: z.string() })).optional(),
});
const { services } = z
  .looseObject({ services: z.record(z.string(), Service) })
  .parse(parse(compose, { merge: true, maxAliasCount: 100 }));

/** Every variable with its comment sign taken away. */
const documented = new Set([...text('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
/** What Compose itself reads is explained in the head of the file. */
const head = compose.slice(0, compose.indexOf('\nx-malipo:'));

describe('docker-compose.yml', () => {
  it('has two web processes behind a proxy, one worker, a migration, both stores, and the simulator on demand', () => {
    expect(Object.keys(services).sort()).to.deep.equal(
      ['mariadb', 'migrate', 'proxy', 'redis', 'simulator', 'web1', 'web2', 'worker'].sort(),
    );
    const roles = Object.entries(services).map(([name, { environment: own }]) => [name, own?.ROLE]);
    expect(Object.fromEntries(roles.filter(([, role]) => role))).to.deep.equal({
      ...{ web1: 'web', web2: 'web', worker: 'worker', simulator: 'simulator' },
    });
    expect(services.simulator?.profiles).to.deep.equal(['simulator']);
  });

  it('gives the processes only settings that exist', () => {
    const known = new Set(Object.keys(environment.shape));
    for (const name of ['web1', 'web2', 'worker', 'simulator', 'migrate']) {
      const unknown = Object.keys(services[name]?.environment ?? {}).filter((setting) => !known.has(setting));
      expect(unknown, name).to.deep.equal([]);
    }
  });

  it('reads only variables that .env.example or its own head explains', () => {
    const used = [...compose.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => name ?? '');
    expect(used).not.to.be.empty;
    const unexplained = used.filter((name) => !documented.has(name) && !head.includes(name));
    expect(unexplained).to.deep.equal([]);
  });

  it('starts nothing before its stores are healthy and migrated', () => {
    for (const name of ['web1', 'web2', 'worker']) {
      expect(services[name]?.depends_on, name).to.deep.equal({
        migrate: { condition: 'service_completed_successfully' },
        mariadb: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
    }
  });

  it('keeps what Redis holds on disk, and compares texts in MariaDB byte by byte', () => {
    expect(services.redis?.command?.join(' ')).to.contain('--appendonly yes');
    expect(services.mariadb?.command).to.contain('--collation-server=utf8mb4_bin');
  });

  it('mounts files that exist', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')[0]),
    );
    const files = mounted.filter((path) => path?.startsWith('./')) as string[];
    expect(files).not.to.be.empty;
    for (const path of files) expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).to.equal(true);
  });

  it('gives the web processes the addresses that the proxy knows, in the network that they trust', () => {
    const addresses = ['web1', 'web2'].map((name) => services[name]?.networks?.default?.ipv4_address ?? '');
    const proxied = [...text('deploy/nginx.conf').matchAll(/^\s*server ([\d.]+):8080/gm)].map(([, address]) => address);
    expect(proxied).to.deep.equal(addresses);
    const trusted = services.web1?.environment?.TRUSTED_PROXIES?.replace('.0/24', '.');
    for (const address of addresses) expect(address.startsWith(trusted ?? 'none'), address).to.equal(true);
  });
});

describe('Dockerfile', () => {
  const dockerfile = text('Dockerfile');

  it('runs the program itself, as a user without rights', () => {
    expect(dockerfile).to.match(/^USER node$/m);
    expect(dockerfile).to.match(/^CMD \["node", "dist\/src\/main\.js"\]$/m);
    expect(dockerfile.indexOf('USER node')).to.be.lessThan(dockerfile.indexOf('\nCMD '));
  });

  it('copies what exists and what .dockerignore lets in', () => {
    const allowed =
      text('.dockerignore')
        .match(/^!.+$/gm)
        ?.map((line) => line.slice(1)) ?? [];
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
      (paths ?? '').split(' '),
    );
    for (const path of copied) {
      expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).to.equal(true);
      expect(allowed, path).to.include(path.split('/')[0]);
    }
  });
});
