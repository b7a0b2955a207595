import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Call;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.Program;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the agent does. The contract with Drover, warm processes too, is the kit's. */
public final class Agent {
  private Agent() {}

  public static void main(String[] arguments) {
    Program.main(Agent::work);
  }

  static JsonNode work(InputObject input, Call call) throws BadInput, WorkFailure {
    Path path = Path.of(input.text("path"));
    call.say("looking at " + path + ", attempt " + call.environment().get("DROVER_ATTEMPT"));
    if (!Files.exists(path)) {
      throw new BadInput("path: there is no such folder");
    }
    try {
      FileStore store = Files.getFileStore(path);
      long total = Math.max(1, store.getTotalSpace());
      long free = store.getUsableSpace();
      return JsonNodeFactory.instance
          .objectNode()
          .put("usedPercent", Math.round(100.0 * (total - free) / total))
          .put("freeKiB", free / 1024);
    } catch (IOException e) {
      throw WorkFailure.temporary("the file system does not answer");
    }
  }
}
