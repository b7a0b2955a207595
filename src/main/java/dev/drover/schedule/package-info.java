/**
 * What happens at its time: schedules of workflows and the engine's housekeeping (db-scheduler).
 */
@NullMarked
package dev.drover.schedule;

import org.jspecify.annotations.NullMarked;
