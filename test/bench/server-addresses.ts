/** What floor and peer are told by the run. */
export function readAddresses(): { port: number; redisUrl: string; billerUrl: string } {
  const { PORT, REDIS_URL = '', BILLER_URL = '' } = process.env;
  return { port: Number(PORT), redisUrl: REDIS_URL, billerUrl: BILLER_URL };
}
