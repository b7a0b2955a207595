/**
 * JSON as plain JDK values, and JSON Schema over them: the one data model that every package
 * shares.
 */
@NullMarked
package dev.drover.json;

import org.jspecify.annotations.NullMarked;
