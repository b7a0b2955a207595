package dev.drover.server;

import dev.drover.agent.AgentRuntime;
import dev.drover.journal.PostgresJournal;
import dev.drover.run.Lease;
import dev.drover.run.RunDispatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;

/**
 * Ends a server in the one order that loses nothing, before anything else is stopped: no more
 * requests, no more runs, no more agents, nothing left to write, no more lease. If the routes were
 * stopped first, runs in flight would fail on them; so they are continued by the next server.
 */
@Component
class Shutdown implements ApplicationListener<ContextClosedEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final ApplicationContext context;
  private final Readiness readiness;
  private final RunDispatcher dispatcher;
  private final AgentRuntime agents;
  private final PostgresJournal journal;
  private final Lease lease;

  Shutdown(
      ApplicationContext context,
      Readiness readiness,
      RunDispatcher dispatcher,
      AgentRuntime agents,
      PostgresJournal journal,
      Lease lease) {
    this.context = context;
    this.readiness = readiness;
    this.dispatcher = dispatcher;
    this.agents = agents;
    this.journal = journal;
    this.lease = lease;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    if (event.getApplicationContext() != context) {
      return; // the child context of the metrics port
    }
    LOG.atInfo().addKeyValue("inFlight", dispatcher.inFlight()).log("Drover stops");
    readiness.set(false);
    dispatcher.close();
    agents.close();
    journal.close();
    handOver();
  }

  /** Other servers need not wait for the lease to run out. */
  private void handOver() {
    try {
      lease.release();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("The lease could not be given up; it runs out by itself");
    }
  }
}
