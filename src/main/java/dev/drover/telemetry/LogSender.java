package dev.drover.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.Collection;

/** Sends log records, and says in moderation that they are not taken. */
record LogSender(LogRecordExporter exporter, ExportWarnings warnings) implements LogRecordExporter {
  @Override
  public CompletableResultCode export(Collection<LogRecordData> records) {
    return warnings.watch(exporter.export(records), records.size());
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
